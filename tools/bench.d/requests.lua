-- wrk: GET prefix .. line .. suffix for the lines of a file, each thread and each run beginning elsewhere.
-- From the environment: BENCH_LINES, BENCH_PREFIX, BENCH_SUFFIX, BENCH_ROUND.
local threads = 0

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

local lines, at, head, tail = {}, 0, "", ""

function init()
  for line in io.lines(os.getenv("BENCH_LINES")) do lines[#lines + 1] = line end
  at = math.floor(#lines * (number * 0.5 + tonumber(os.getenv("BENCH_ROUND")) * 0.0618)) % #lines
  head = "GET " .. os.getenv("BENCH_PREFIX")
  tail = os.getenv("BENCH_SUFFIX") .. " HTTP/1.1\r\nHost: bench\r\nAccept: */*\r\n\r\n"
end

function request()
  at = at % #lines + 1
  return head .. lines[at] .. tail
end

function done(summary, latency)
  local e = summary.errors
  io.write(string.format('{"requests":%d,"us":%d,"bytes":%d,"errors":%d,"p99_us":%d}\n', summary.requests,
    summary.duration, summary.bytes, e.connect + e.read + e.write + e.status + e.timeout, latency:percentile(99)))
end

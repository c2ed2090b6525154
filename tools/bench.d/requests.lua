-- wrk: GET prefix .. line .. suffix for the lines of a file, each thread and each run beginning elsewhere.
-- What follows a tab in a line is the tag of a copy at hand. From the environment: BENCH_LINES, BENCH_PREFIX,
-- BENCH_SUFFIX, BENCH_ROUND.
local threads = 0

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

local requests, at = {}, 0

function init()
  local head, tail = "GET " .. os.getenv("BENCH_PREFIX"), os.getenv("BENCH_SUFFIX")
  for line in io.lines(os.getenv("BENCH_LINES")) do
    local name, tag = line:match("^([^\t]*)\t?(.*)$")
    local condition = tag == "" and "" or "If-None-Match: " .. tag .. "\r\n"
    requests[#requests + 1] = head .. name .. tail .. " HTTP/1.1\r\nHost: bench\r\nAccept: */*\r\n" .. condition .. "\r\n"
  end
  at = math.floor(#requests * (number * 0.5 + tonumber(os.getenv("BENCH_ROUND")) * 0.0618)) % #requests
end

function request()
  at = at % #requests + 1
  return requests[at]
end

function done(summary, latency)
  local e = summary.errors
  io.write(string.format('{"requests":%d,"us":%d,"bytes":%d,"errors":%d,"p99_us":%d}\n', summary.requests,
    summary.duration, summary.bytes, e.connect + e.read + e.write + e.status + e.timeout, latency:percentile(99)))
end

#include "server/http/connection.hpp"

#include <algorithm>
#include <cstring>
#include <span>

#include "server/http/head_parser.hpp"

namespace jobmap::http {

void Connection::start() {
  error_code ignored;
  socket_.set_option(tcp::no_delay(true), ignored);  // a Unix socket has no such option
  socket_.non_blocking(true, ignored);
  set_deadline(limits().header_timeout);
  if (worker_.draining) drain();
  buffer_.make_room();
  read(shared_from_this());
}

void Connection::read(Self self) {
  socket_.async_read_some(asio::mutable_buffer(buffer_.room().data(), buffer_.room().size()),
                          [this, self = std::move(self)](const error_code& error, std::size_t size) mutable {
                            on_read(std::move(self), error, size);
                          });
}

void Connection::on_read(Self self, const error_code& error, std::size_t size) {
  if (timed_out_) return on_timeout(std::move(self));
  if (error || state_ == State::evicted) return;
  if (state_ == State::lingering) return read(std::move(self));  // dropped: not counted as received
  // A head that comes in small pieces is looked at once a line, and not once a piece.
  worth_parsing_ = state_ != State::head || std::memchr(buffer_.room().data(), '\n', size);
  buffer_.received(size);
  process(std::move(self));
}

// Answers what the buffer holds, in order, until an answer or more input must be waited for.
void Connection::process(Self self) {
  while (next_request(self)) {
  }
}

bool Connection::next_request(const Self& self) {
  std::span<char> bytes = buffer_.bytes();
  for (; bytes.size() >= 2 && bytes[0] == '\r' && bytes[1] == '\n'; bytes = buffer_.bytes())
    buffer_.consume(2);
  if (bytes.empty() || (bytes.size() == 1 && bytes[0] == '\r')) {  // nothing, or half an empty line
    buffer_.make_room();
    read(self);
    return false;
  }
  if (!std::exchange(worth_parsing_, true)) return await_head(self);
  method_ = {};
  const auto parsed = parse_head(bytes, fields_);
  if (parsed.state == HeadState::need_more) {
    if (const auto refusal = check_start_line({bytes.data(), bytes.size()})) return refuse(self, *refusal);
    return await_head(self);
  }
  if (parsed.state == HeadState::refused) return refuse(self, parsed.refusal);
  auto framed = frame(parsed.head, limits());
  method_ = parsed.head.method;
  if (auto* refusal = std::get_if<Refusal>(&framed)) return refuse(self, *refusal);
  framing_ = std::get<Framing>(framed);
  minor_version_ = parsed.head.minor_version;
  head_size_ = parsed.consumed;
  return framing_.content_length > 0 ? begin_body(self) : dispatch(self);
}

bool Connection::await_head(const Self& self) {
  if (state_ != State::head) {
    state_ = State::head;
    waiting_since_ = Clock::now();
    if (requests_ > 0) set_deadline(limits().header_timeout);  // the first one's runs since the accept
  }
  if (!buffer_.make_room()) {
    const auto bytes = buffer_.bytes();
    const bool in_target = std::find(bytes.begin(), bytes.end(), '\n') == bytes.end();
    return refuse(self, in_target ? Refusal{414, "The request target is too long."}
                                  : Refusal{431, "The header fields are too large."});
  }
  read(self);
  return false;
}

bool Connection::begin_body(const Self& self) {
  new_request_id();
  began_ = Clock::now();
  body_ = std::make_shared<std::string>();
  const auto behind = buffer_.bytes().subspan(head_size_);
  auto length = static_cast<std::size_t>(framing_.content_length);
  auto refused = turn_away();
  // A body that is here already is let through: its request is refused as any other is, and the next one is
  // looked at.
  if (!refused && engine_.handlers.screen && behind.size() < length) {
    try {
      refused = engine_.handlers.screen(request(), framing_.content_length);
    } catch (const std::exception&) {
      refused = engine_.failure;
    }
  }
  if (!refused && !make_room_for_body(std::min(length, body_step))) refused = no_room();
  if (refused) {
    count_in_flight(true);
    const bool whole = behind.size() >= length;
    if (whole) head_size_ += length;  // read over, so that what comes behind it is looked at
    keep_alive_ =
        whole && framing_.keep_alive && ++requests_ < limits().requests_per_connection && !seat_.guest();
    return respond(self, *std::move(refused));
  }
  admitted_ = true;
  auto here = std::min(length, behind.size());
  body_->assign(behind.data(), here);
  body_received_ = here;
  head_size_ += here;  // what this request takes of the buffer
  if (here == length) return dispatch(self);
  state_ = State::body;
  waiting_since_ = began_;
  if (framing_.expect_continue && here == 0) {
    // 25 bytes into an empty send buffer; a client that can't take them runs into the body's deadline.
    static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
    error_code ignored;
    socket_.write_some(asio::const_buffer(go_on.data(), go_on.size()), ignored);
  }
  read_body(self);
  return false;
}

void Connection::read_body(Self self) {
  deadline_ =
      std::min(transfer_deadline(began_, Clock::now(), body_received_), began_ + limits().body_timeout);
  auto missing = static_cast<std::size_t>(framing_.content_length) - body_received_;
  const auto until = body_received_ + std::min(missing, body_step);
  if (!make_room_for_body(until)) {
    refuse_for_room(std::move(self));
    return;
  }
  body_->resize(until);
  asio::mutable_buffer space(body_->data() + body_received_, body_->size() - body_received_);
  socket_.async_read_some(space,
                          [this, self = std::move(self)](const error_code& error, std::size_t size) mutable {
                            if (timed_out_) return on_timeout(std::move(self));
                            if (error || state_ == State::evicted) return;
                            body_received_ += size;
                            waiting_since_ = Clock::now();
                            if (body_received_ < framing_.content_length) return read_body(std::move(self));
                            body_->resize(body_received_);
                            if (dispatch(self)) process(std::move(self));
                          });
}

// Counts the memory that so many bytes of a body take before they take it. Room for all that was announced is
// asked of the system at once, which gives a page when it is first written to: so nothing is copied as the
// body grows, and what has not come takes no memory. False where the budget has no room.
bool Connection::make_room_for_body(std::size_t size) {
  if (size <= unread_) return true;
  if (unread_ == 0) unread_by_ = client();
  if (!engine_.unread.has_room(unread_by_, size - unread_)) return false;
  engine_.unread.hold(unread_by_, size - unread_);
  unread_ = size;
  const auto length = static_cast<std::size_t>(framing_.content_length);
  body_->reserve(length > small_body ? std::max(length, body_mapped) : length);
  return true;
}

void Connection::refuse_for_room(Self self) {
  count_in_flight(true);
  keep_alive_ = false;
  respond(self, no_room());
}

void Connection::release_unread() {
  if (unread_) engine_.unread.release(unread_by_, std::exchange(unread_, 0));
}

// Makes room for another connection that has something to ask.
void Connection::evict() {
  error_code ignored;
  deadline_ = Clock::time_point::max();
  timed_out_ = false;
  state_ = State::evicted;
  seat_.release();
  socket_.close(ignored);
}

// Our last byte is out. Closing with bytes unread would reset the connection and could take the answer with
// it, so what still comes is read and dropped until the other side closes, for a while.
void Connection::linger(Self self) {
  error_code ignored;
  socket_.shutdown(tcp::socket::shutdown_send, ignored);
  state_ = State::lingering;
  waiting_since_ = Clock::now();
  deadline_ = Clock::now() + limits().linger_timeout;
  buffer_.clear();
  buffer_.make_room();
  read(std::move(self));
}

void Connection::check_deadline(Clock::time_point now) {
  if (now < deadline_) return;
  deadline_ = Clock::time_point::max();
  error_code ignored;
  if (state_ == State::head || state_ == State::body) {
    timed_out_ = true;
    socket_.cancel(ignored);  // the read in flight ends in on_timeout()
  } else {
    socket_.close(ignored);
  }
}

void Connection::on_timeout(Self self) {
  timed_out_ = false;
  refuse(self, {408, "The request did not arrive in time."});
}

void Connection::drain() {
  if (state_ == State::idle) deadline_ = std::min(deadline_, Clock::now() + drain_idle);
}

}  // namespace jobmap::http

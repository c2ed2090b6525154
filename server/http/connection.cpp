#include "http/connection.hpp"

#include <algorithm>
#include <span>

#include "http/head_parser.hpp"

namespace jobmap::http {

void Connection::start() {
  error_code ignored;
  socket_.set_option(tcp::no_delay(true), ignored);
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
  if (error) return;
  if (state_ == State::lingering) return read(std::move(self));  // dropped: not counted as received
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
  method_ = {};
  const auto parsed = parse_head(bytes, fields_);
  if (parsed.state == HeadState::need_more) return await_head(self);
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
  auto length = static_cast<std::size_t>(framing_.content_length);
  const auto behind = buffer_.bytes().subspan(head_size_);
  auto here = std::min(length, behind.size());
  body_.assign(behind.data(), here);
  body_received_ = here;
  head_size_ += here;  // what this request takes of the buffer
  if (here == length) return dispatch(self);
  state_ = State::body;
  began_ = Clock::now();
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
  body_.resize(body_received_ + std::min(missing, body_step));
  asio::mutable_buffer space(body_.data() + body_received_, body_.size() - body_received_);
  socket_.async_read_some(space,
                          [this, self = std::move(self)](const error_code& error, std::size_t size) mutable {
                            if (timed_out_) return on_timeout(std::move(self));
                            if (error) return;
                            body_received_ += size;
                            if (body_received_ < framing_.content_length) return read_body(std::move(self));
                            body_.resize(body_received_);
                            if (dispatch(self)) process(std::move(self));
                          });
}

// Our last byte is out. Closing with bytes unread would reset the connection and could take the answer with
// it, so what still comes is read and dropped until the other side closes, for a while.
void Connection::linger(Self self) {
  error_code ignored;
  socket_.shutdown(tcp::socket::shutdown_send, ignored);
  state_ = State::lingering;
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

#pragma once
// A street network drawn in text. Letters are junctions, a + is one without a name; a character is 10 m wide
// and a line 10 m high, whatever the latitude says.
//
//   const StreetMap map(R"(
//     A---B---C
//     |   .       - | street      . : footway (walkers only)
//     D-->E )");                  // > < a street that is one-way for cyclists      ~ ferry
//   map.graph().nodes(), map.node('A'), map.at('A')
//
// Places are laid out from 0 N 0 E eastwards and southwards.
#include <cctype>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "geo/distance.hpp"
#include "geo/street_graph.hpp"

namespace jobmap::geo {

class StreetMap {
 public:
  explicit StreetMap(std::string_view drawing, double lon = 0, double lat = 0) : origin_(to_e7({lon, lat})) {
    std::istringstream in{std::string(drawing)};
    for (std::string line; std::getline(in, line);) lines_.push_back(line);
    StreetNetwork network;
    for (std::size_t row = 0; row < lines_.size(); ++row)
      for (std::size_t column = 0; column < lines_[row].size(); ++column)
        if (is_node(at(row, column))) {
          number_[{row, column}] = static_cast<std::uint32_t>(network.nodes.size());
          network.nodes.push_back(place(row, column));
        }
    for (const auto& [cell, from] : number_) {
      connect(network, cell, from, 0, 1, "-.><~");
      connect(network, cell, from, 1, 0, "|:");
    }
    const auto places = network.nodes;
    graph_ = StreetGraph(hilbert_ordered(std::move(network)));
    for (const auto& [cell, n] : number_)
      if (const char c = at(cell.first, cell.second); c != '+')
        for (std::uint32_t i = 0; i < graph_.nodes(); ++i)
          if (graph_.node(i) == places[n]) named_[c] = i;
  }

  const StreetGraph& graph() const { return graph_; }
  std::uint32_t node(char c) const { return named_.at(c); }
  PointE7 at(char c) const { return graph_.node(node(c)); }
  // As many metres east and south of a junction.
  PointE7 beside(char c, double east_m, double south_m) const {
    const auto scale = local_scale(origin_.lat / 1e7);
    return {static_cast<std::int32_t>(at(c).lon + east_m / scale.x),
            static_cast<std::int32_t>(at(c).lat - south_m / scale.y)};
  }

 private:
  static bool is_node(char c) { return std::isalpha(static_cast<unsigned char>(c)) || c == '+'; }
  char at(std::size_t row, std::size_t column) const {
    return row < lines_.size() && column < lines_[row].size() ? lines_[row][column] : ' ';
  }
  PointE7 place(std::size_t row, std::size_t column) const {
    const auto scale = local_scale(origin_.lat / 1e7);
    return {static_cast<std::int32_t>(origin_.lon + 10.0 * static_cast<double>(column) / scale.x),
            static_cast<std::int32_t>(origin_.lat - 10.0 * static_cast<double>(row) / scale.y)};
  }
  void connect(StreetNetwork& network, std::pair<std::size_t, std::size_t> cell, std::uint32_t from,
               std::size_t down, std::size_t right, std::string_view strokes) {
    auto [row, column] = cell;
    std::uint8_t access = StreetEdge::walk | StreetEdge::bike;
    std::uint32_t length = 0;
    for (;;) {
      row += down, column += right, length += 10'000;
      const char c = at(row, column);
      if (is_node(c)) {
        if (length > 10'000) network.edges.push_back({from, number_.at({row, column}), length, access});
        return;
      }
      if (strokes.find(c) == std::string_view::npos) {
        if (c == ' ') return;
        if (std::string_view("-.><~|:").find(c) != std::string_view::npos) return;  // a street that passes by
        throw std::runtime_error(std::string("a street map has no stroke '") + c + "'");
      }
      if (c == '.' || c == ':') access = StreetEdge::walk;
      if (c == '>') access &= static_cast<std::uint8_t>(~StreetEdge::bike_backward);
      if (c == '<') access &= static_cast<std::uint8_t>(~StreetEdge::bike_forward);
      if (c == '~') access |= StreetEdge::afloat;
    }
  }

  PointE7 origin_;
  std::vector<std::string> lines_;
  std::map<std::pair<std::size_t, std::size_t>, std::uint32_t> number_;
  std::map<char, std::uint32_t> named_;
  StreetGraph graph_;
};

}  // namespace jobmap::geo

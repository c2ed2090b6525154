#include "data/ingest/sample/advertisement.hpp"

#include <algorithm>

namespace jobmap::data::sample {
namespace {

constexpr std::int32_t fen_a_yuan = 100;  // a yuan
constexpr std::string_view shift_plans[] = {"09:00-18:00", "08:00-12:00;13:30-17:30",
                                            "18:00-23:00", "22:00-06:00",
                                            "20:00-02:00", "10:30-14:00;17:00-21:00",
                                            "06:00-14:00", "14:00-22:00",
                                            "17:30-22:30", "23:00-07:00",
                                            "07:00-11:00", "13:00-18:00"};
constexpr std::string_view education_words[] = {"学历不限",   "小学及以上", "初中及以上",
                                                "高中及以上", "中职及以上", "大专及以上",
                                                "本科及以上", "硕士及以上", "博士"};

// The pay of a place, in percent of that in the middle of town.
std::int32_t pay_level(Kind kind) {
  static constexpr std::int32_t percent[kind_count] = {104, 110, 112, 98, 100, 98, 95, 88, 97, 84};
  return percent[static_cast<std::size_t>(kind)];
}

Category draw_category(Random& random, const Trade& trade) {
  const auto weight = [&](std::size_t i) { return static_cast<std::uint32_t>(trade.categories[i] - '0'); };
  const auto u = random.below(weight(0) + weight(1) + weight(2));
  return u < weight(0)               ? Category::full_time
         : u < weight(0) + weight(1) ? Category::gig
                                     : Category::internship;
}

void set_pay(Posting& out, PayUnit unit, std::int32_t low, std::int32_t high, std::int32_t step) {
  out.pay_unit = unit;
  out.pay_min = std::max(low / step, 1) * step;
  out.pay_max = std::max(high / step * step, *out.pay_min);
}

// Yuan a month that this posting starts from, before rounding.
std::int32_t draw_base(Random& random, const Trade& trade, Kind kind) {
  return random.between(trade.pay_low, trade.pay_low + (trade.pay_high - trade.pay_low) / 3) *
         pay_level(kind) / 100;
}

void write_full_time(Random& random, const Trade& trade, Kind kind, Posting& out) {
  out.openings =
      1 + static_cast<std::int32_t>(random.skewed_below(trade.education <= Education::vocational ? 20 : 8));
  const auto u = random.below(100);
  if (u < 3) return;  // to be agreed
  const auto base = draw_base(random, trade, kind), top = base * random.between(115, 170) / 100;
  if (trade.education <= Education::vocational && u < 12) {
    set_pay(out, PayUnit::day, base * fen_a_yuan / 22, top * fen_a_yuan / 22, 10 * fen_a_yuan);
  } else {
    set_pay(out, PayUnit::month, base * fen_a_yuan, top * fen_a_yuan, 500 * fen_a_yuan);
  }
  if (u >= 95) out.pay_max.reset();  // "from"
}

void write_gig(Random& random, const Trade& trade, Kind kind, Posting& out) {
  out.openings = 1 + static_cast<std::int32_t>(random.skewed_below(30));
  const auto base = draw_base(random, trade, kind), top = base * random.between(105, 140) / 100;
  const auto u = random.below(100);
  if (u < 50) {
    set_pay(out, PayUnit::hour, std::max(base * fen_a_yuan / 190, 22 * fen_a_yuan),
            std::max(top * fen_a_yuan / 190, 24 * fen_a_yuan), fen_a_yuan / 2);
    out.settlement = random.chance(600) ? Settlement::day : Settlement::week;
  } else if (u < 80) {
    set_pay(out, PayUnit::day, base * fen_a_yuan / 23, top * fen_a_yuan / 23, 10 * fen_a_yuan);
    out.settlement = random.chance(800) ? Settlement::day : Settlement::week;
  } else if (u < 94) {
    // A parcel or a seam pays a few yuan, a text or a film by the hundred.
    const bool skilled = trade.education >= Education::associate;
    const auto piece = random.between(150, 700) * (skilled ? 40 : 1);
    set_pay(out, PayUnit::piece, piece, piece * random.between(100, 160) / 100,
            skilled ? 10 * fen_a_yuan : 10);
    out.settlement = random.chance(400)   ? Settlement::job
                     : random.chance(500) ? Settlement::day
                                          : Settlement::month;
  } else {
    set_pay(out, PayUnit::month, base * fen_a_yuan * 8 / 10, top * fen_a_yuan * 8 / 10, 100 * fen_a_yuan);
    out.settlement = Settlement::month;
  }
  out.shifts = random.pick(shift_plans);
}

void write_internship(Random& random, Posting& out) {
  out.openings = 1 + static_cast<std::int32_t>(random.skewed_below(10));
  out.months = random.between(3, 12);
  out.stipend = random.between(20, 42) * 100 * fen_a_yuan;
  if (random.chance(250)) {
    set_pay(out, PayUnit::day, *out.stipend / 22, *out.stipend / 20, 10 * fen_a_yuan);
  } else {
    set_pay(out, PayUnit::month, *out.stipend, *out.stipend, 100 * fen_a_yuan);
  }
}

// 高级, （夜班）, （见习）: what a title says of its terms.
void write_title(const Trade& trade, Posting& out) {
  out.title.clear();
  if (out.experience.value_or(0) >= 4 && trade.education >= Education::associate) out.title = "高级";
  out.title += trade.title;
  if (out.shifts.starts_with("2")) out.title += "（夜班）";
  if (out.category == Category::internship) out.title += "（见习）";
}

}  // namespace

void write_terms(Random& random, const Trade& trade, Kind kind, Posting& out) {
  out.category = draw_category(random, trade);
  out.occupation = trade.occupation;
  out.pay_min.reset(), out.pay_max.reset(), out.months.reset(), out.stipend.reset();
  out.pay_unit = PayUnit::none;
  out.settlement = Settlement::none;
  out.shifts.clear();
  out.education.reset(), out.experience.reset();
  switch (out.category) {
    case Category::full_time:
      write_full_time(random, trade, kind, out);
      break;
    case Category::gig:
      write_gig(random, trade, kind, out);
      break;
    case Category::internship:
      write_internship(random, out);
      break;
  }
  if (!random.chance(50)) {
    // One level above the usual is asked for now and then.
    const bool more =
        trade.education >= Education::associate && trade.education < Education::doctor && random.chance(80);
    out.education = static_cast<Education>(static_cast<int>(trade.education) + more);
  }
  if (out.category == Category::full_time && !random.chance(120))
    out.experience = static_cast<std::int32_t>(random.below(trade.experience_max + 1u));
  write_title(trade, out);
}

// Short, as most are: with its other texts a posting comes to about 290 bytes.
void write_description(Random& random, const Trade& trade, Posting& out) {
  const auto words = phrases(trade.group);
  std::string& text = out.description;
  text = random.pick(words.duties);
  (text += "。") += education_words[static_cast<std::size_t>(out.education.value_or(Education::none))];
  if (out.education.value_or(Education::none) != Education::none) text += "学历";
  if (out.experience.value_or(0) > 0) {
    text += "，";
    text += std::to_string(*out.experience) + "年以上相关经验";
  } else {
    text += "，经验不限";
  }
  if (random.chance(700)) (text += "；") += random.pick(words.wishes);
  text += "。";
  if (random.chance(700)) (text += random.pick(closings(out.category))) += "。";
}

}  // namespace jobmap::data::sample

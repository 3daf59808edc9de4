#include "footfall/events/schema.h"

#include <array>

#include "footfall/base/words.h"

namespace footfall::events {
namespace {

constexpr std::array<std::string_view, kBuiltInEnd> kNames = {"",
                                                              "view_item_list",
                                                              "select_item",
                                                              "view_promotion",
                                                              "select_promotion",
                                                              "view_item",
                                                              "add_to_wishlist",
                                                              "add_to_cart",
                                                              "remove_from_cart",
                                                              "view_cart",
                                                              "begin_checkout",
                                                              "add_shipping_info",
                                                              "add_payment_info",
                                                              "purchase",
                                                              "refund",
                                                              "page_view",
                                                              "session_start",
                                                              "first_visit",
                                                              "search",
                                                              "sign_up",
                                                              "login",
                                                              "review",
                                                              "return_request",
                                                              "return_received",
                                                              "delivery",
                                                              "stock_out",
                                                              "price_change",
                                                              "item_profile",
                                                              "user_profile",
                                                              "stock_adjustment",
                                                              "free_issue"};

constexpr std::array<std::string_view, 5> kKindNames = {"user", "device", "session", "order",
                                                        "shop"};

}  // namespace

std::optional<EventCode> built_in_code(std::string_view name) {
  for (std::size_t code = 1; code < kNames.size(); ++code) {
    if (kNames[code] == name) return static_cast<EventCode>(code);
  }
  return std::nullopt;
}

std::string_view built_in_name(EventCode code) {
  return code < kNames.size() ? kNames[code] : std::string_view();
}

std::vector<std::string> built_in_names() {
  return {kNames.begin() + 1, kNames.end()};
}

bool valid_own_name(std::string_view name) {
  if (name.empty() || name.size() > kNameBytesMax || name[0] < 'a' || name[0] > 'z') return false;
  for (const char c : name) {
    const bool allowed = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    if (!allowed) return false;
  }
  return true;
}

std::string_view id_kind_name(IdKind kind) {
  return kKindNames[static_cast<std::size_t>(kind)];
}

std::string person_text(IdKind kind, std::string_view value) {
  std::string text(id_kind_name(kind));
  text += ':';
  text += value;
  return text;
}

IdKind person_kind(std::string_view person) {
  const std::string_view name = person.substr(0, person.find(':'));
  for (std::size_t kind = 0; kind < kKindNames.size(); ++kind) {
    if (kKindNames[kind] == name) return static_cast<IdKind>(kind);
  }
  return IdKind::kShop;
}

std::string_view person_value(std::string_view person) {
  const std::size_t colon = person.find(':');
  return colon == std::string_view::npos ? std::string_view() : person.substr(colon + 1);
}

bool is_bad_id(std::string_view value) {
  // Zero in whatever form: "-0" of JSON, a UUID of zeros.
  if (value.find_first_not_of("0-{}") == std::string_view::npos) return true;
  // A list or an object of JSON; an id in braces alone, such as a UUID, is one.
  if (value.front() == '[' && value.back() == ']') return true;
  if (value.front() == '{' && value.back() == '}' && value.find(':') != value.npos) return true;
  if (value.size() > 9) return false;
  const std::string lower = base::ascii_lower(value);
  for (const std::string_view bad : {"null", "undefined", "none", "nan", "unknown", "anonymous",
                                     "guest", "(null)", "(not set)", "n/a", "false", "true"}) {
    if (lower == bad) return true;
  }
  return false;
}

}  // namespace footfall::events

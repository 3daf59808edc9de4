#include "footfall/events/event_words.h"

#include <algorithm>
#include <array>
#include <utility>

#include "footfall/base/words.h"
#include "footfall/events/schema.h"
#include "footfall/events/values.h"

namespace footfall::events {
namespace {

using Word = std::pair<std::string_view, std::string_view>;

// Sorted by word; letters and digits only.
constexpr std::array<Word, 55> kWords = {{
    {"addcart", "add_to_cart"},
    {"addpaymentinfo", "add_payment_info"},
    {"addshippinginfo", "add_shipping_info"},
    {"addtobasket", "add_to_cart"},
    {"addtocart", "add_to_cart"},
    {"addtofavorites", "add_to_wishlist"},
    {"addtowishlist", "add_to_wishlist"},
    {"basket", "add_to_cart"},
    {"begincheckout", "begin_checkout"},
    {"buy", "purchase"},
    {"cart", "add_to_cart"},
    {"checkout", "begin_checkout"},
    {"checkoutstarted", "begin_checkout"},
    {"click", "view_item"},
    {"collect", "add_to_wishlist"},
    {"delivered", "delivery"},
    {"detail", "view_item"},
    {"fav", "add_to_wishlist"},
    {"favorite", "add_to_wishlist"},
    {"favourite", "add_to_wishlist"},
    {"impression", "view_item_list"},
    {"login", "login"},
    {"order", "purchase"},
    {"ordercompleted", "purchase"},
    {"outofstock", "stock_out"},
    {"page", "page_view"},
    {"pageview", "page_view"},
    {"pricechange", "price_change"},
    {"productadded", "add_to_cart"},
    {"productclicked", "select_item"},
    {"productlistviewed", "view_item_list"},
    {"productremoved", "remove_from_cart"},
    {"productview", "view_item"},
    {"productviewed", "view_item"},
    {"purchase", "purchase"},
    {"purchased", "purchase"},
    {"pv", "view_item"},
    {"refund", "refund"},
    {"registration", "sign_up"},
    {"removefromcart", "remove_from_cart"},
    {"return", "return_received"},
    {"sale", "purchase"},
    {"search", "search"},
    {"signin", "login"},
    {"signup", "sign_up"},
    {"startcheckout", "begin_checkout"},
    {"stockout", "stock_out"},
    {"tocart", "add_to_cart"},
    {"transaction", "purchase"},
    {"view", "view_item"},
    {"viewcart", "view_cart"},
    {"viewitem", "view_item"},
    {"viewproduct", "view_item"},
    {"wish", "add_to_wishlist"},
    {"wishlist", "add_to_wishlist"},
}};
static_assert(std::is_sorted(kWords.begin(), kWords.end()));

constexpr std::size_t kWordBytesMax = 64;

}  // namespace

std::string_view event_of_word(std::string_view word) {
  if (word.size() > kWordBytesMax) return {};
  if (const auto code = built_in_code(word)) return built_in_name(*code);
  std::string letters;
  for (const char c : base::ascii_lower(word)) {
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) letters += c;
  }
  const auto found = std::lower_bound(kWords.begin(), kWords.end(), Word{letters, ""});
  if (found != kWords.end() && found->first == letters) return found->second;
  if (const auto code = built_in_code(snake_case(word))) return built_in_name(*code);
  return {};
}

std::string event_of_cell(std::string_view cell) {
  const std::string_view known = event_of_word(base::trim(cell));
  if (!known.empty()) return std::string(known);
  if (cell.size() > kNameBytesMax) return "";
  std::string name = snake_case(base::trim(cell));
  return valid_own_name(name) ? name : "";
}

}  // namespace footfall::events

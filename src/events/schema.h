// The event schema: which events there are, and what each is about (SEMANTICS 1).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "footfall/base/result.h"

namespace footfall::events {

/// An event's name as a number. Built-in names have the fixed codes below, the same in every shop
/// and for ever; a shop's own names get codes from kOwnCodeFirst in its own dictionary.
using EventCode = std::uint8_t;

// NOLINTBEGIN: the order is the format.
enum BuiltIn : EventCode {
  kNoEvent = 0,
  kViewItemList,
  kSelectItem,
  kViewPromotion,
  kSelectPromotion,
  kViewItem,
  kAddToWishlist,
  kAddToCart,
  kRemoveFromCart,
  kViewCart,
  kBeginCheckout,
  kAddShippingInfo,
  kAddPaymentInfo,
  kPurchase,
  kRefund,
  kPageView,
  kSessionStart,
  kFirstVisit,
  kSearch,
  kSignUp,
  kLogin,
  kReview,
  kReturnRequest,
  kReturnReceived,
  kDelivery,
  kStockOut,
  kPriceChange,
  // Facts that are no behaviour: attributes of an item or a person, stock movements.
  kItemProfile,
  kUserProfile,
  kStockAdjustment,
  kFreeIssue,
  kBuiltInEnd
};
// NOLINTEND
inline constexpr EventCode kOwnCodeFirst = 64;
/// Own names a shop may have: codes 64..254.
inline constexpr int kOwnNamesMax = 191;
inline constexpr std::size_t kNameBytesMax = 64;

/// What an event is about.
enum class About : std::uint8_t {
  kBehaviour,  // Something a person did while browsing: a client event.
  kOrder,      // purchase, refund, delivery, return_*: from the shop's backend unless its source
               // also sends browsing events (SEMANTICS 2.4).
  kThing,      // No person: stock_out, price_change, item_profile, stock_adjustment.
  kAttribute,  // user_profile: about a person, but not a deed.
};

/// The built-in code of a name, or nothing.
std::optional<EventCode> built_in_code(std::string_view name);
/// The name of a built-in code ("purchase"); "" for 0 and codes without a name.
std::string_view built_in_name(EventCode code);
/// All built-in names, in code order.
std::vector<std::string> built_in_names();
constexpr About about(EventCode code) {
  switch (code) {
    case kPurchase:
    case kRefund:
    case kReturnRequest:
    case kReturnReceived:
    case kDelivery:
    case kFreeIssue:
      return About::kOrder;
    case kStockOut:
    case kPriceChange:
    case kItemProfile:
    case kStockAdjustment:
      return About::kThing;
    case kUserProfile:
      return About::kAttribute;
    default:
      return About::kBehaviour;
  }
}

/// Whether an own name is well formed: [a-z][a-z0-9_]*, at most 64 bytes.
bool valid_own_name(std::string_view name);

/// The namespaces of ids, by rank: an event belongs to the first one that it has.
enum class IdKind : std::uint8_t {
  kUser,     // The shop's own user or customer id.
  kDevice,   // Client id, cookie.
  kSession,  // A session id, when nothing else is known.
  kOrder,    // A guest: the order is all that is known.
  kShop,     // Nobody: events about things.
};
std::string_view id_kind_name(IdKind kind);

/// An id as one text, "user:17850"; the form that is pseudonymised, sealed and hashed.
std::string person_text(IdKind kind, std::string_view value);
/// The kind of such a text, and its value after the colon.
IdKind person_kind(std::string_view person);
std::string_view person_value(std::string_view person);

/// Refuses ids that name nobody: empty, 0, null, undefined, none, nan, unknown, anonymous, guest,
/// all zeros, true and false, in any letter case (SEMANTICS 12.4), and lists and objects of JSON.
bool is_bad_id(std::string_view value);

/// Bytes an id, item or text value may have; longer ones are rejected, never cut.
inline constexpr std::size_t kIdBytesMax = 512;
inline constexpr std::size_t kValueBytesMax = 65'536;
inline constexpr std::size_t kLinesMax = 10'000;

}  // namespace footfall::events

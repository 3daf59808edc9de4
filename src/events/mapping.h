// Mapping: which column of a file means what, and which cleaning rules its rows are held to.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "footfall/base/result.h"
#include "footfall/events/time_text.h"

namespace footfall::events {

/// What one row of a file is.
enum class FileKind : std::uint8_t { kEvents, kOrders, kItems, kUsers, kStock, kReviews };
inline constexpr std::size_t kFileKinds = 6;

/// "events", "orders", ...; and back.
std::string_view file_kind_name(FileKind kind);
std::optional<FileKind> file_kind_of(std::string_view name);

/// The fields that a column can be given to, beside the event's name and time.
enum class Field : std::uint8_t {
  kUser,
  kDevice,
  kSession,
  kItem,
  kItemName,
  kEventId,
  kOrder,  // transaction_id: order, invoice or cancellation number.
  kLine,   // Number of the line within its order: a column, or "$row" where each file holds
           // whole orders, their lines in one order always.
  kQuantity,
  kPrice,
  kCurrency,  // A column, or a constant ISO 4217 code.
  kCountry,
  kKnownAt,
  kSequence,    // A column, or "$row".
  kItems,       // items[] as JSON text.
  kParameters,  // event_params as JSON text.
  kValue,       // The event's stated value, compared with its lines.
  kOrigin,      // "server" or anything else.
  kRating,
  // Of a whole order, in exports that keep one row up to date for it:
  kRefunded,     // Amount paid back so far; in files of events, what a refund paid back.
  kRefundedAt,   // When; the order's time where this is empty.
  kOrderStatus,  // A word such as refunded or voided.
  kFieldEnd
};
inline constexpr std::size_t kFieldCount = static_cast<std::size_t>(Field::kFieldEnd);
inline constexpr std::string_view kRowSequence = "$row";

/// The field's key in a mapping document: "user", "item_name", ...; and back.
std::string_view field_name(Field field);
std::optional<Field> field_of(std::string_view name);

struct EventMapping {
  std::string column;
  std::string constant;                                     // Used where there is no column.
  std::vector<std::pair<std::string, std::string>> values;  // Word of the file, event name.
};

struct TimeMapping {
  std::string column;
  TimeUnit unit = TimeUnit::kUnknown;  // Unknown: decided from the cells.
  DateOrder order = DateOrder::kUnknown;
  std::string zone;  // "" = the shop's.
};

/// How lines that are no merchandise are told by their item code.
enum class Bookkeeping : std::uint8_t {
  kOff,
  kWords,   // Code words such as POST, BANK CHARGES, gift_0001_20.
  kDigits,  // Every code that is not `merchandise_digits` digits and then letters.
};

struct Mapping {
  FileKind kind = FileKind::kEvents;
  bool kind_open = false;  // The kind is not stated: plan_file takes the recognised one.
  EventMapping event;
  TimeMapping time;
  std::array<std::string, kFieldCount> columns;                 // By Field; "" = not there.
  std::vector<std::pair<std::string, std::string>> properties;  // Property name, column.
  std::vector<std::string> ignore;                              // Columns that are left out.

  // Order files: an order number that is this letter and then digits undoes an order ...
  std::string cancellation_prefix;
  std::string adjustment_prefix;  // ... or corrects the books and is no order at all.
  Bookkeeping bookkeeping = Bookkeeping::kOff;
  int merchandise_digits = 5;
  bool order_cells_once = false;  // Cells of the whole order are filled on its first row only.
  bool zero_is_an_id = false;     // Users are numbered from 0.
  char decimal = 0;               // '.' or ',' before a number's decimals; 0 = as the cells show.

  const std::string& column(Field field) const { return columns[static_cast<std::size_t>(field)]; }
  std::string& column(Field field) { return columns[static_cast<std::size_t>(field)]; }
  bool has(Field field) const { return !column(field).empty(); }
};

/// Refuses a mapping that lacks a field its kind of file needs, names a column that is not among
/// `columns`, or an event name that is not well formed. The message names all fields that lack,
/// what was expected and the columns found; the hint offers near names or a mapping to fill in.
base::Status check_mapping(const Mapping& mapping, std::span<const std::string> columns);

/// Columns that become properties: (property name, column), in the order of `columns`, the
/// explicit ones first. Names that two columns would share get a number. Columns about who a person
/// is (is_personal) are left out unless the mapping names them.
std::vector<std::pair<std::string, std::string>> property_columns(
    const Mapping& mapping, std::span<const std::string> columns);

}  // namespace footfall::events

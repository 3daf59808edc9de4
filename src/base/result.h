// Result: a value, or an Error that says what went wrong in the world and where.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>

#include "footfall/base/check.h"

namespace footfall::base {

enum class ErrorCode {
  kInvalidArgument,  // Bad input: the caller can mend it.
  kNotFound,         // A shop, file, item or receipt that is not there.
  kAlreadyExists,
  kBusy,        // Another process holds what is needed; the message names it.
  kDamaged,     // Bytes on disk fail their checksum or do not parse.
  kPermission,  // A folder or file that may not be read or written.
  kDiskFull,
  kIo,           // Any other failure of disk or network.
  kMemory,       // A stated limit of memory would be passed.
  kInterrupted,  // Ctrl-C.
};

/// The code's name in error documents: "invalid_argument", "not_found", ...
const char* error_code_name(ErrorCode code);

/// What a failed system call's errno means; kIo for all but a few.
ErrorCode error_code_of(int error_number);

/// Where bad input stands; every part may be absent.
struct Where {
  std::string file;
  std::int64_t row = 0;  // 1-based line or row of `file`; 0 = no row.
  std::string column;    // Column of the file.
  std::string field;     // Field of the document, or flag.
};

/// The message names what was expected and ends with the offending value.
struct [[nodiscard]] Error {
  ErrorCode code = ErrorCode::kInvalidArgument;
  std::string message;
  Where where = {};
  std::string hint = {};  // What to do about it, as a sentence; may be empty.
};

/// Shorthand for the commonest error.
inline Error invalid(std::string message, std::string field = "") {
  return {ErrorCode::kInvalidArgument, std::move(message), {"", 0, "", std::move(field)}, ""};
}

/// For functions that give no value: `return base::Ok{};`.
struct Ok {};

/// Holds either a T or an Error. Reading the side that is not there is a broken invariant.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  const T& value() const& {
    FOOTFALL_CHECK(ok());
    return *std::get_if<0>(&state_);
  }
  T& value() & {
    FOOTFALL_CHECK(ok());
    return *std::get_if<0>(&state_);
  }
  T&& value() && {
    FOOTFALL_CHECK(ok());
    return std::move(*std::get_if<0>(&state_));
  }
  const T& operator*() const& { return value(); }
  T& operator*() & { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  const T* operator->() const { return &value(); }
  T* operator->() { return &value(); }

  const Error& error() const& {
    FOOTFALL_CHECK(!ok());
    return *std::get_if<1>(&state_);
  }
  Error&& error() && {
    FOOTFALL_CHECK(!ok());
    return std::move(*std::get_if<1>(&state_));
  }

 private:
  std::variant<T, Error> state_;
};

using Status = Result<Ok>;

}  // namespace footfall::base

#define FOOTFALL_CONCAT_INNER(a, b) a##b
#define FOOTFALL_CONCAT(a, b) FOOTFALL_CONCAT_INNER(a, b)

/// FOOTFALL_TRY(auto x, f()): x is f()'s value, or the function returns f()'s error.
#define FOOTFALL_TRY(declaration, expression) \
  FOOTFALL_TRY_INNER(FOOTFALL_CONCAT(footfall_result_, __LINE__), declaration, expression)
#define FOOTFALL_TRY_INNER(result, declaration, expression) \
  auto result = (expression);                               \
  if (!result.ok()) return std::move(result).error();       \
  declaration = std::move(result).value()

/// Returns the expression's error, if it is one.
#define FOOTFALL_RETURN_IF_ERROR(expression) \
  FOOTFALL_RETURN_IF_ERROR_INNER(FOOTFALL_CONCAT(footfall_status_, __LINE__), expression)
#define FOOTFALL_RETURN_IF_ERROR_INNER(status, expression) \
  do {                                                     \
    auto status = (expression);                            \
    if (!status.ok()) return std::move(status).error();    \
  } while (false)

#include "footfall/base/result.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace footfall::base {
namespace {

Result<int> half(int number) {
  if (number % 2 != 0) return invalid("expected an even number: " + std::to_string(number), "n");
  return number / 2;
}

Result<int> quarter(int number) {
  FOOTFALL_TRY(const int once, half(number));
  FOOTFALL_TRY(const int twice, half(once));
  return twice;
}

Status check_even(int number) {
  FOOTFALL_RETURN_IF_ERROR(half(number));
  return Ok{};
}

TEST(Result, HoldsAValueOrAnError) {
  EXPECT_EQ(*half(8), 4);
  const Result<int> bad = half(7);
  EXPECT_FALSE(bad);
  EXPECT_EQ(bad.error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(bad.error().where.field, "n");
  EXPECT_EQ(bad.error().message, "expected an even number: 7");
}

TEST(Result, TryHandsTheFirstErrorOn) {
  EXPECT_EQ(*quarter(12), 3);
  EXPECT_EQ(quarter(7).error().message, "expected an even number: 7");
  EXPECT_EQ(quarter(14).error().message, "expected an even number: 7");
  EXPECT_TRUE(check_even(2).ok());
  EXPECT_FALSE(check_even(3).ok());
}

TEST(Result, MovesWhatCannotBeCopied) {
  Result<std::unique_ptr<int>> made = std::make_unique<int>(5);
  const std::unique_ptr<int> taken = *std::move(made);
  EXPECT_EQ(*taken, 5);
}

TEST(ResultDeathTest, ReadingTheSideThatIsNotThereStopsTheProcess) {
  EXPECT_DEATH(static_cast<void>(*half(1)), "broken invariant: ok\\(\\)");
  EXPECT_DEATH(static_cast<void>(half(2).error()), "broken invariant");
}

TEST(ErrorCode, EveryCodeHasItsName) {
  EXPECT_STREQ(error_code_name(ErrorCode::kInvalidArgument), "invalid_argument");
  EXPECT_STREQ(error_code_name(ErrorCode::kNotFound), "not_found");
  EXPECT_STREQ(error_code_name(ErrorCode::kAlreadyExists), "already_exists");
  EXPECT_STREQ(error_code_name(ErrorCode::kBusy), "busy");
  EXPECT_STREQ(error_code_name(ErrorCode::kDamaged), "damaged");
  EXPECT_STREQ(error_code_name(ErrorCode::kPermission), "permission_denied");
  EXPECT_STREQ(error_code_name(ErrorCode::kDiskFull), "disk_full");
  EXPECT_STREQ(error_code_name(ErrorCode::kIo), "io_error");
  EXPECT_STREQ(error_code_name(ErrorCode::kMemory), "out_of_memory");
  EXPECT_STREQ(error_code_name(ErrorCode::kInterrupted), "interrupted");
}

TEST(Error, OfTheSystemHasOneMeaningEverywhere) {
  const std::vector<std::pair<int, ErrorCode>> cases = {
      {ENOSPC, ErrorCode::kDiskFull},
      {EDQUOT, ErrorCode::kDiskFull},
      {EFBIG, ErrorCode::kDiskFull},
      {EACCES, ErrorCode::kPermission},
      {EPERM, ErrorCode::kPermission},
      {EROFS, ErrorCode::kPermission},
      {ENOENT, ErrorCode::kNotFound},
      {ENOTDIR, ErrorCode::kNotFound},
      {EISDIR, ErrorCode::kInvalidArgument},
      {ELOOP, ErrorCode::kInvalidArgument},
      {ENAMETOOLONG, ErrorCode::kInvalidArgument},
      {EIO, ErrorCode::kIo},
      {0, ErrorCode::kIo},
  };
  for (const auto& [number, code] : cases) EXPECT_EQ(error_code_of(number), code) << number;
}

}  // namespace
}  // namespace footfall::base

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "footfall/connectors/sql.h"
#include "footfall/connectors/test_progress.h"

namespace footfall::connectors {
namespace {

using ::testing::HasSubstr;

SqlData nothing_stored() {
  SqlData data;
  data.blocks = [](store::Population, const store::Columns&) {
    return base::Result<std::vector<store::Block>>(std::vector<store::Block>());
  };
  data.event_count = [](store::Population) { return 0; };
  data.event_name = [](store::EventCode) { return std::string_view(); };
  data.item = data.order = data.text = [](std::uint32_t) { return std::string_view(); };
  return data;
}

// Once both sides are read one task of this query takes minutes: the wish comes in its middle.
TEST(SqlLimits, AQueryStopsInTheMiddleOfOneLongTask) {
  std::atomic<bool> stop{false};
  const StopAtOnce progress(&stop);
  SqlOptions options;
  options.threads = 2;
  options.progress = &progress;
  std::thread wish([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(1500));
    stop = true;
  });
  const auto stopped = run_sql(nothing_stored(),
                               "SELECT count(*) FROM range(100000000) a, range(100000000) b "
                               "WHERE a.range + b.range = 7",
                               options);
  wish.join();
  ASSERT_FALSE(stopped.ok());
  EXPECT_EQ(stopped.error().code, base::ErrorCode::kInterrupted) << stopped.error().message;
}

TEST(SqlLimits, AnAnswerHasAGreatestSize) {
  SqlOptions options;
  options.answer_bytes = 1'000;
  const auto size_of = [&](const char* query) -> std::string {
    const auto answer = run_sql(nothing_stored(), query, options);
    if (!answer.ok()) {
      EXPECT_EQ(answer.error().code, base::ErrorCode::kMemory);
      return answer.error().message;
    }
    return fmt::format("{} rows", answer->rows.size());
  };
  EXPECT_EQ(size_of("SELECT repeat('x', 1000) AS c"), "1 rows");
  EXPECT_EQ(size_of("SELECT 1, repeat('x', 1001) AS c"),
            "SQL: expected an answer with at most 1,000 bytes of text, found more in its first 1 "
            "rows, up to the column c");
  EXPECT_EQ(size_of("SELECT repeat('x', 100) AS c FROM range(10)"), "10 rows");
  EXPECT_THAT(size_of("SELECT repeat('x', 100) AS c FROM range(11)"), HasSubstr("column c"));
  EXPECT_THAT(size_of("SELECT range(1000) AS c"), HasSubstr("column c")) << "a list becomes a text";
  EXPECT_EQ(size_of("SELECT i FROM range(5000) r(i)"), "5000 rows") << "numbers have a size";
  options.row_limit = 10;
  EXPECT_EQ(size_of("SELECT repeat('x', 100) AS c FROM range(11)"), "10 rows");
}

}  // namespace
}  // namespace footfall::connectors

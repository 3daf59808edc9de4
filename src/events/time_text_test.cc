#include "footfall/events/time_text.h"

#include <gtest/gtest.h>

#include "footfall/base/random.h"

namespace footfall::events {
namespace {

using base::format_instant;

struct Case {
  const char* why;
  TimeUnit unit;
  DateOrder order;
  const char* text;
  const char* expected;  // "" = bad_time.
  std::int32_t remainder_ns = 0;
};

constexpr TimeUnit kText = TimeUnit::kText;
constexpr DateOrder kYmd = DateOrder::kYmd;
constexpr DateOrder kDmy = DateOrder::kDmy;
constexpr DateOrder kMdy = DateOrder::kMdy;

const Case kCases[] = {
    {"a date alone is its first instant", kText, kYmd, "2011-08-31", "2011-08-31T00:00:00Z"},
    {"the sample's form", kText, kYmd, "2010-12-01 08:26:00", "2010-12-01T08:26:00Z"},
    {"seconds may be left out", kText, kYmd, "2010-12-01 08:26", "2010-12-01T08:26:00Z"},
    {"ISO 8601 in UTC", kText, kYmd, "2011-08-31T17:45:00Z", "2011-08-31T17:45:00Z"},
    {"an offset counts east", kText, kYmd, "2011-08-31T17:45:00+01:30", "2011-08-31T16:15:00Z"},
    {"Shopify's offset", kText, kYmd, "2014-09-16 16:35:52 -0400", "2014-09-16T20:35:52Z"},
    {"BigQuery's UTC", kText, kYmd, "2019-10-01 00:00:00 UTC", "2019-10-01T00:00:00Z"},
    {"a short offset", kText, kYmd, "2019-10-01 00:00 +02", "2019-09-30T22:00:00Z"},
    {"finer than a millisecond is floored", kText, kYmd, "2011-08-31 17:45:00.1239876",
     "2011-08-31T17:45:00.123Z", 987'600},
    {"a comma before the fraction", kText, kYmd, "2011-08-31 17:45:00,5",
     "2011-08-31T17:45:00.500Z"},
    {"slashes, year first", kText, kYmd, "2011/8/31", "2011-08-31T00:00:00Z"},
    {"eight digits", kText, kYmd, "20110831", "2011-08-31T00:00:00Z"},
    {"blanks around", kText, kYmd, " 2011-08-31 17:45 ", "2011-08-31T17:45:00Z"},
    {"day first", kText, kDmy, "31/08/2011 17:45", "2011-08-31T17:45:00Z"},
    {"day first with dots", kText, kDmy, "31.8.2011", "2011-08-31T00:00:00Z"},
    {"month first, afternoon", kText, kMdy, "8/31/2011 5:45 PM", "2011-08-31T17:45:00Z"},
    {"midnight is 12 AM", kText, kMdy, "8/31/2011 12:05 am", "2011-08-31T00:05:00Z"},
    {"noon is 12 PM", kText, kMdy, "8/31/2011 12:05 PM", "2011-08-31T12:05:00Z"},
    {"two digits of a year", kText, kMdy, "12/1/10 8:26", "2010-12-01T08:26:00Z"},
    {"two digits of last century", kText, kMdy, "12/1/99", "1999-12-01T00:00:00Z"},
    {"another style is refused: day first", kText, kYmd, "31/08/2011", ""},
    {"another style is refused: month first", kText, kDmy, "08/31/2011", ""},
    {"another style is refused: year first", kText, kMdy, "2011-08-31", ""},
    {"an impossible date", kText, kYmd, "2011-02-29", ""},
    {"a leap day", kText, kYmd, "2012-02-29", "2012-02-29T00:00:00Z"},
    {"hour 24", kText, kYmd, "2011-08-31 24:00", ""},
    {"minute 60", kText, kYmd, "2011-08-31 23:60", ""},
    {"13 PM", kText, kMdy, "8/31/2011 13:00 PM", ""},
    {"text behind", kText, kYmd, "2011-08-31 17:45 or so", ""},
    {"two separators", kText, kYmd, "2011-08/31", ""},
    {"empty", kText, kYmd, "", ""},
    {"a T and nothing", kText, kYmd, "2011-08-31T", "2011-08-31T00:00:00Z"},
    {"an offset of a day", kText, kYmd, "2011-08-31 00:00+24:00", ""},
    {"an offset of one minute digit too many", kText, kYmd, "2011-08-31 00:00+01:000", ""},
    {"a month's name tells the order", kText, kYmd, "3 Jan 2024", "2024-01-03T00:00:00Z"},
    {"also in a column of another order", kText, kMdy, "3-Feb-24 14:05", "2024-02-03T14:05:00Z"},
    {"month first by name", kText, kDmy, "March 3, 2024 2:05 PM", "2024-03-03T14:05:00Z"},
    {"a short name with its point", kText, kYmd, "Sept. 3, 2024, 14:05", "2024-09-03T14:05:00Z"},
    {"RFC 2822", kText, kYmd, "Wed, 03 Jan 2024 14:05:00 +0100", "2024-01-03T13:05:00Z"},
    {"German", kText, kDmy, "31. März 2024", "2024-03-31T00:00:00Z"},
    {"French", kText, kDmy, "1 août 2024 08:00", "2024-08-01T08:00:00Z"},
    {"Spanish", kText, kDmy, "05/dic/2024", "2024-12-05T00:00:00Z"},
    {"no such day of a named month", kText, kYmd, "31 Feb 2024", ""},
    {"no month's name", kText, kYmd, "3 Jam 2024", ""},
    {"a named month without a year", kText, kYmd, "3 Jan", ""},
    {"a name with two digits behind may be a day", kText, kYmd, "Jan 3 24", ""},
    {"a name alone", kText, kYmd, "Mar", ""},
    {"Unix seconds", TimeUnit::kSeconds, kYmd, "1430623510", "2015-05-03T03:25:10Z"},
    {"Unix seconds with a fraction", TimeUnit::kSeconds, kYmd, "1430623510.25",
     "2015-05-03T03:25:10.250Z"},
    {"Unix seconds as float text", TimeUnit::kSeconds, kYmd, "1430623510.0",
     "2015-05-03T03:25:10Z"},
    {"milliseconds", TimeUnit::kMillis, kYmd, "1430623510001", "2015-05-03T03:25:10.001Z"},
    {"microseconds leave a remainder", TimeUnit::kMicros, kYmd, "1430623510001002",
     "2015-05-03T03:25:10.001Z", 2'000},
    {"nanoseconds leave a remainder", TimeUnit::kNanos, kYmd, "1430623510001002003",
     "2015-05-03T03:25:10.001Z", 2'003},
    {"before 1970 the floor goes down", TimeUnit::kMicros, kYmd, "-1", "1969-12-31T23:59:59.999Z",
     999'000},
    {"letters are no number", TimeUnit::kSeconds, kYmd, "soon", ""},
    {"two points", TimeUnit::kSeconds, kYmd, "1.2.3", ""},
};

TEST(TimeReader, ReadsEachForm) {
  for (const Case& c : kCases) {
    const TimeRead read = TimeReader(c.unit, c.order, base::Zone::utc()).text(c.text);
    if (*c.expected == '\0') {
      EXPECT_EQ(read.outcome, TimeOutcome::kBadTime) << c.why;
      continue;
    }
    ASSERT_EQ(read.outcome, TimeOutcome::kRead) << c.why;
    EXPECT_EQ(format_instant(read.time), c.expected) << c.why;
    EXPECT_EQ(read.remainder_ns, c.remainder_ns) << c.why;
  }
}

TEST(TimeReader, LocalTimesFollowTheClock) {
  const TimeReader reader(kText, kYmd, *base::Zone::open("Europe/London"));
  EXPECT_EQ(format_instant(reader.text("2011-08-31 17:45").time), "2011-08-31T16:45:00Z");
  EXPECT_EQ(reader.text("2011-03-27 01:30").outcome, TimeOutcome::kSkippedLocal)
      << "the clock went from 01:00 to 02:00";
  const TimeRead repeated = reader.text("2011-10-30 01:30");
  EXPECT_TRUE(repeated.repeated);
  EXPECT_EQ(format_instant(repeated.time), "2011-10-30T00:30:00Z") << "the first of the two";
  EXPECT_FALSE(reader.text("2011-10-30 01:30:00Z").repeated) << "an offset says which";
}

TEST(TimeReader, NumbersOutOfRangeAreNoTimes) {
  const TimeReader seconds(TimeUnit::kSeconds, kYmd, base::Zone::utc());
  EXPECT_EQ(seconds.integer(999'999'999'999).outcome, TimeOutcome::kOutOfRange);
  EXPECT_EQ(seconds.integer(INT64_MIN).outcome, TimeOutcome::kOutOfRange);
  EXPECT_EQ(seconds.real(1e308).outcome, TimeOutcome::kBadTime);
  EXPECT_EQ(seconds.expected(TimeOutcome::kOutOfRange), "a time from year 0 to 9999");
  EXPECT_EQ(TimeReader::instant_us(base::kTimeMin * 1000 - 1).outcome, TimeOutcome::kOutOfRange);
  EXPECT_EQ(TimeReader::instant_us(INT64_MIN).outcome, TimeOutcome::kOutOfRange);
  const TimeReader nanos(TimeUnit::kNanos, kYmd, base::Zone::utc());
  EXPECT_EQ(format_instant(nanos.integer(INT64_MIN).time), "1677-09-21T00:12:43.145Z")
      << "never a time of the future";
  EXPECT_EQ(nanos.integer(INT64_MIN).remainder_ns, 224'192);
  EXPECT_EQ(format_instant(seconds.real(1430623510.5).time), "2015-05-03T03:25:10.500Z");
  EXPECT_EQ(format_instant(TimeReader::instant_us(-1).time), "1969-12-31T23:59:59.999Z");
  const TimeReader text(kText, kYmd, base::Zone::utc());
  EXPECT_EQ(format_instant(text.integer(20110831).time), "2011-08-31T00:00:00Z");
  EXPECT_EQ(text.integer(20111331).outcome, TimeOutcome::kBadTime);
}

struct VoteCase {
  const char* why;
  std::vector<const char*> cells;
  TimeUnit unit;
  DateOrder order;
  bool mixed;
};

TEST(TimeVotes, DecideFromTheWholeColumn) {
  const VoteCase cases[] = {
      {"ISO", {"2011-08-31", "2011-09-01 10:00"}, kText, kYmd, false},
      {"one day above 12 tells all", {"01/02/2011", "13/02/2011"}, kText, kDmy, false},
      {"one month position above 12", {"01/02/2011", "02/13/2011"}, kText, kMdy, false},
      {"nothing tells", {"01/02/2011", "03/04/2011"}, kText, DateOrder::kUnknown, false},
      {"dots are day first", {"01.02.2011"}, kText, kDmy, false},
      {"both orders: the commoner", {"13/02/2011", "14/02/2011", "02/13/2011"}, kText, kDmy, true},
      {"both orders alike", {"13/02/2011", "02/13/2011"}, kText, DateOrder::kUnknown, true},
      {"year first beside day first",
       {"2011-01-01", "2011-01-02", "13/02/2011"},
       kText,
       kYmd,
       true},
      {"seconds", {"1430623510", "1430623511"}, TimeUnit::kSeconds, DateOrder::kUnknown, false},
      {"seconds with fractions", {"1430623510.5"}, TimeUnit::kSeconds, DateOrder::kUnknown, false},
      {"milliseconds", {"1430623510123"}, TimeUnit::kMillis, DateOrder::kUnknown, false},
      {"microseconds", {"1430623510123456"}, TimeUnit::kMicros, DateOrder::kUnknown, false},
      {"nanoseconds", {"1430623510123456789"}, TimeUnit::kNanos, DateOrder::kUnknown, false},
      {"eight digits are a date", {"20110831"}, kText, kYmd, false},
      {"no times", {"abc", "7", ""}, TimeUnit::kUnknown, DateOrder::kUnknown, false},
  };
  for (const VoteCase& c : cases) {
    TimeVotes votes;
    for (const char* cell : c.cells) votes.see_text(cell);
    EXPECT_EQ(votes.unit(), c.unit) << c.why;
    EXPECT_EQ(votes.order(), c.order) << c.why;
    EXPECT_EQ(votes.mixed(), c.mixed) << c.why;
  }
}

// The definition: what format_instant writes is read back, in every unit and order.
TEST(TimeReader, ReadsBackWhatIsWritten) {
  base::Random random(1);
  const base::Zone utc = base::Zone::utc();
  for (int i = 0; i < 10'000; ++i) {
    const base::TimeMs time = random.between(-2'000'000'000'000, 4'000'000'000'000);
    const std::string written = format_instant(time);
    ASSERT_EQ(TimeReader(kText, kYmd, utc).text(written).time, time);
    ASSERT_EQ(TimeReader(TimeUnit::kMillis, kYmd, utc).text(std::to_string(time)).time, time);
    const std::string clock = written.substr(11, written.size() - 12);
    const std::string year = written.substr(0, 4);
    const std::string month = written.substr(5, 2);
    const std::string day = written.substr(8, 2);
    ASSERT_EQ(TimeReader(kText, kDmy, utc).text(day + "/" + month + "/" + year + " " + clock).time,
              time);
    ASSERT_EQ(TimeReader(kText, kMdy, utc).text(month + "-" + day + "-" + year + " " + clock).time,
              time);
  }
}

}  // namespace
}  // namespace footfall::events

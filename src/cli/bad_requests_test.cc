// Bad requests, shops that may not be written and disks that are full, at the front door: an answer
// in words, the exit code of CONTRACT.md, and a shop that opens and is sound afterwards.
#include <gmock/gmock.h>
#include <sys/mount.h>

#include "footfall/cli/front_door.h"

namespace footfall::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
namespace files = std::filesystem;

class BadRequests : public FrontDoor {
 protected:
  std::string views(const std::string& name, std::size_t rows) const {
    std::string text = "event,time,user,item\n";
    for (std::size_t i = 0; i < rows; ++i) {
      text += "view,2021-01-1" + std::to_string(i % 10) + ",user " + std::to_string(i * 7919) +
              ",item " + std::to_string(i % 1000) + "\n";
    }
    return write(name, text);
  }
};

TEST_F(BadRequests, AreRefusedWithTheFieldAndWhatWasExpected) {
  ASSERT_EQ(run({"collect", shop_, views("a.csv", 10)}).exit_code, 0);
  const std::string before = standing_of(shop_);
  struct Case {
    const char* why;
    std::vector<std::string> words;
    const char* message;
    const char* hint = "";
  };
  const auto funnel = [&](const char* steps, const char* window) {
    return std::vector<std::string>{"ask", shop_, "funnel", "--steps", steps, "--window", window};
  };
  const char* const kLength =
      "window: expected a length of time such as 30m, 12h, 7d or 2w (units ms, s, m, h, d, w): ";
  const Case cases[] = {
      {"a step that no event has", funnel("view_item,wave", "7d"),
       "steps: expected the name of an event that the shop has (view_item): wave"},
      {"a slip in a step", funnel("view_itm,view_item", "7d"), "view_itm",
       "did you mean view_item?"},
      {"one step", funnel("view_item", "7d"), "expected at least 2 events in order: view_item"},
      {"a window before the start", funnel("view_item,view_item", "-1"), kLength},
      {"a window of no unit we know", funnel("view_item,view_item", "7x"), "d, w): 7x"},
      {"a window of nothing", funnel("view_item,view_item", ""), "window"},
      {"a window beyond all time", funnel("view_item,view_item", "99999999999999999999d"),
       "window"},
      {"no such question",
       {"ask", shop_, "funel"},
       "question: expected one of funnel, sessions",
       "did you mean funnel?"},
      {"a key that has no end",
       {"ask", shop_, "sales", "--" + std::string(100'000, 'k'), "1"},
       "period, refunds: kkkk"},
      {"no such key", {"ask", shop_, "sales", "--bye", "week"}, "bye"},
      {"no such period",
       {"ask", shop_, "sales", "--by", "wek"},
       "by: expected one of none, day, week",
       "did you mean week?"},
      {"a flag given twice, of bytes that are no text",
       {"ask", shop_, "sales", "--by", "\xFF", "--by", "week"},
       "by: expected a text: [\""},
      {"no such day",
       {"ask", shop_, "sales", "--from", "2021-02-30"},
       "from: expected a date such as 2011-08-31"},
      {"an end before the start",
       {"ask", shop_, "sales", "--from", "2021-02-01", "--to", "2021-01-01"},
       "to: expected a moment after from (2021-02-01): 2021-01-01"},
      {"SQL that is none", {"sql", shop_, "selec 1"}, "syntax error at or near \"selec\"; line 1"},
      {"SQL on a column that is not there",
       {"sql", shop_, "select nope from events"},
       "Referenced column \"nope\" not found"},
      {"SQL that writes",
       {"sql", shop_, "delete from events"},
       "expected a statement that only reads"},
      {"two statements",
       {"sql", shop_, "select 1; select 2"},
       "expected one SQL statement, found 2"},
      {"no such verb", {"colect", shop_}, "expected a verb", "did you mean collect?"},
      {"no such flag", {"collect", shop_, "--dryrun"}, "expected a flag of collect"},
      {"no such kind", {"collect", shop_, folder_ + "/a.csv", "--as", "visits"}, ": visits"},
      {"no such import", {"collect", shop_, "--undo", "99"}, "99"},
      {"no such item", {"decide", shop_, "recommend", "--item", "x"}, ""},
      {"no such receipt", {"explain", shop_, "r-none"}, "r-none"},
      {"no such model", {"learn", shop_, "transition"}, "transition"},
      {"nothing to learn from", {"learn", shop_}, "learn needs purchases"},
      {"no such shop", {"ask", folder_ + "/none", "sales"}, "there is no shop here"},
      {"a shop where one is", {"init", shop_}, ""},
      {"a file in the shop's place", {"status", folder_ + "/a.csv"}, ""},
  };
  for (const Case& c : cases) {
    const Outcome outcome = run(c.words);
    EXPECT_EQ(outcome.exit_code, 2) << c.why << outcome.output;
    EXPECT_EQ(outcome.output, "") << c.why;
    EXPECT_THAT(outcome.errors, HasSubstr(c.message)) << c.why;
    EXPECT_THAT(outcome.errors, HasSubstr(c.hint)) << c.why;
    EXPECT_TRUE(document(c.words).contains("error")) << c.why;
  }
  EXPECT_EQ(standing_of(shop_), before);
}

TEST_F(BadRequests, AFewMadeUpEventsNeedNoNumberOfPersons) {
  for (const auto& [events, users] : {std::pair(1, 1), {19, 1}, {45, 2}, {100'000, 5'000}}) {
    const std::string file = folder_ + "/made" + std::to_string(events) + ".csv";
    const Json made = document({"generate", "--events", std::to_string(events), "--output", file});
    EXPECT_EQ(made["users"], users) << events;
    EXPECT_EQ(made["events"], events);
  }
}

TEST_F(BadRequests, NothingIsWrittenIntoAShopsFolder) {
  const auto bytes_of = [](const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::stringstream bytes;
    bytes << file.rdbuf();
    return bytes.str();
  };
  const std::string key = bytes_of(shop_ + "/key");
  const std::string link = folder_ + "/page.html";
  std::filesystem::create_symlink(shop_ + "/key", link);
  for (const std::string& path :
       {shop_ + "/key", shop_ + "/journal/CURRENT", shop_ + "/segments/../page.html", link,
        shop_ + "/new/page.html"}) {
    const Outcome outcome = run({"report", shop_, "--output", path});
    EXPECT_EQ(outcome.exit_code, 2) << path;
    EXPECT_THAT(outcome.errors, HasSubstr("expected a place outside of a shop's folder"));
  }
  EXPECT_THAT(run({"generate", "--output", shop_ + "/made.csv"}).errors,
              HasSubstr("expected a place outside of a shop's folder"));
  const std::string other = folder_ + "/other";
  ASSERT_EQ(run({"init", other}).exit_code, 0);
  ASSERT_EQ(run({"backup", other, folder_ + "/copy"}).exit_code, 0);
  for (const std::vector<std::string>& words : {std::vector<std::string>{"init", shop_ + "/sub"},
                                                {"backup", other, shop_ + "/b"},
                                                {"restore", folder_ + "/copy", shop_ + "/r"},
                                                {"backup", shop_, shop_ + "/segments/b"}}) {
    const Outcome outcome = run(words);
    EXPECT_EQ(outcome.exit_code, 2) << words.front();
    EXPECT_THAT(outcome.errors, HasSubstr("expected a place outside of a shop's folder"));
  }
  EXPECT_EQ(bytes_of(shop_ + "/key"), key);
  EXPECT_EQ(run({"verify", shop_}).exit_code, 0);
}

TEST_F(BadRequests, VerifySaysWhatItThinksOfTheKey) {
  ASSERT_EQ(run({"collect", shop_, views("v.csv", 5)}).exit_code, 0);
  ASSERT_EQ(run({"init", folder_ + "/other"}).exit_code, 0);
  const std::string key = shop_ + "/key";
  const std::string away = folder_ + "/away";
  files::rename(key, away);
  EXPECT_EQ(run({"verify", shop_}).exit_code, 0) << "a shop is kept apart from its key";
  EXPECT_THAT(run({"verify", shop_}).output, HasSubstr("without the shop's key bytes alone"));
  for (const bool foreign : {true, false}) {
    files::remove(key);
    if (foreign) files::copy_file(folder_ + "/other/key", key);
    if (!foreign) std::ofstream(key) << "<html>";
    EXPECT_EQ(run({"verify", shop_}).exit_code, 1) << foreign;
    const Json verified = document({"verify", shop_});
    EXPECT_EQ(verified["damage"][0]["part"], "key");
    EXPECT_EQ(verified["damage"][0]["file"], key);
  }
  files::rename(away, key);
  EXPECT_THAT(run({"verify", shop_}).output, Not(HasSubstr("Warning")));
}

TEST_F(BadRequests, AShopThatMayNotBeWrittenIsReadAndStaysAsItIs) {
  const std::string file = views("a.csv", 10);
  ASSERT_EQ(run({"collect", shop_, file}).exit_code, 0);
  const std::string before = standing_of(shop_);
  const auto set = [&](files::perms folder, files::perms inside) {
    for (const auto& entry : files::recursive_directory_iterator(shop_)) {
      files::permissions(entry.path(), entry.is_directory() ? folder : inside);
    }
    files::permissions(shop_, folder);
    files::permissions(folder_, folder);
  };
  using files::perms;
  const perms look = perms::owner_read | perms::group_read | perms::others_read;
  const perms enter = perms::owner_exec | perms::group_exec | perms::others_exec;
  set(look | enter, look);
  {
    const AsNobody nobody;
    for (const std::vector<std::string>& words :
         {std::vector<std::string>{"collect", shop_, file},
          {"collect", shop_, "--undo", "1"},
          {"learn", shop_},
          {"init", folder_ + "/other"},
          {"backup", shop_, folder_ + "/backup"},
          {"report", shop_, "--output", folder_ + "/report.html"}}) {
      const Outcome outcome = run(words);
      EXPECT_EQ(outcome.exit_code, 2) << words[0];
      EXPECT_THAT(outcome.errors, HasSubstr("Permission denied")) << words[0];
      EXPECT_THAT(outcome.errors, HasSubstr(folder_)) << words[0];
    }
    for (const std::vector<std::string>& words : {std::vector<std::string>{"status", shop_},
                                                  {"verify", shop_},
                                                  {"ask", shop_, "transitions"},
                                                  {"sql", shop_, "select count(*) from events"}}) {
      EXPECT_EQ(run(words).exit_code, 0) << words[0] << run(words).errors;
    }
  }
  set(perms::all, perms::owner_read | perms::owner_write);
  EXPECT_EQ(standing_of(shop_), before);
  EXPECT_FALSE(files::exists(folder_ + "/backup"));
  EXPECT_EQ(run({"collect", shop_, file}).exit_code, 0) << "and can be written again";
}

TEST_F(BadRequests, AShopThatLostItsJournalIsDamaged) {
  ASSERT_EQ(run({"collect", shop_, views("a.csv", 10)}).exit_code, 0);
  files::rename(shop_ + "/journal/CURRENT", folder_ + "/aside");
  for (const char* verb : {"status", "init"}) {
    const Outcome outcome = run({verb, shop_});
    EXPECT_EQ(outcome.exit_code, 3) << verb;
    EXPECT_THAT(outcome.errors, HasSubstr(shop_ + "/journal")) << verb;
  }
  EXPECT_EQ(run({"verify", shop_}).exit_code, 1) << "as for any damage";
  const Json verified = document({"verify", shop_});
  EXPECT_EQ(verified["ok"], false);
  EXPECT_EQ(verified["damage"][0]["part"], "journal") << verified.dump();
  files::rename(folder_ + "/aside", shop_ + "/journal/CURRENT");
  EXPECT_EQ(run({"verify", shop_}).exit_code, 0);
}

TEST_F(BadRequests, AShopThatLostItsLastImportIsDamaged) {
  ASSERT_EQ(run({"collect", shop_, views("a.csv", 10)}).exit_code, 0);
  files::create_directories(folder_ + "/aside");
  std::vector<files::path> logs;
  for (const auto& entry : files::directory_iterator(shop_ + "/journal")) {
    if (entry.path().extension() == ".log") logs.push_back(entry.path());
  }
  ASSERT_FALSE(logs.empty());
  for (const files::path& log : logs)
    files::rename(log, folder_ + "/aside/" + log.filename().string());
  for (const std::vector<std::string>& words : {std::vector<std::string>{"status", shop_},
                                                {"ask", shop_, "sales"},
                                                {"collect", shop_, views("b.csv", 10)},
                                                {"backup", shop_, folder_ + "/backup"}}) {
    const Outcome outcome = run(words);
    EXPECT_EQ(outcome.exit_code, 3) << words[0];
    EXPECT_THAT(outcome.errors, HasSubstr("has lost its last changes")) << words[0];
  }
  EXPECT_EQ(run({"verify", shop_}).exit_code, 1) << "as for any damage";
  EXPECT_EQ(document({"verify", shop_})["damage"][0]["part"], "journal");
  for (const files::path& log : logs)
    files::rename(folder_ + "/aside/" + log.filename().string(), log);
  EXPECT_EQ(run({"verify", shop_}).exit_code, 0) << "nothing was changed meanwhile";
}

/// A disk of a given size while it lives, where this process may make one.
class SmallDisk {
 public:
  SmallDisk(const std::string& folder, const char* size) : folder_(folder) {
    files::create_directories(folder);
    mounted_ = ::mount("footfall", folder.c_str(), "tmpfs", 0, size) == 0;
  }
  ~SmallDisk() {
    if (mounted_) ::umount2(folder_.c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  bool mounted() const { return mounted_; }

 private:
  std::string folder_;
  bool mounted_ = false;
};

TEST_F(BadRequests, AFullDiskIsTheMachinesFailureAndLeavesNothing) {
  const std::string disk = folder_ + "/disk";
  const SmallDisk small(disk, "size=2m");
  if (!small.mounted()) GTEST_SKIP() << "a small disk can only be made by the superuser";
  const std::string shop = disk + "/shop";
  ASSERT_EQ(run({"init", shop}).exit_code, 0);
  ASSERT_EQ(run({"collect", shop, views("few.csv", 100)}).exit_code, 0);
  const std::string before = standing_of(shop);
  for (const std::size_t rows : {60'000u, 400'000u}) {
    const std::string many = views("many.csv", rows);
    const Outcome outcome = run({"collect", shop, many});
    EXPECT_EQ(outcome.exit_code, 3) << rows;
    EXPECT_THAT(outcome.errors, HasSubstr("No space left on device")) << rows;
    EXPECT_THAT(outcome.errors, HasSubstr(shop)) << rows;
    EXPECT_EQ(standing_of(shop), before) << rows;
    EXPECT_EQ(document({"collect", shop, many})["error"]["code"], "disk_full") << rows;
  }
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"generate", "--events", "100000", "--users", "100", "--output",
                                 disk + "/made.jsonl"},
        {"backup", shop_, disk + "/backup"}}) {
    std::ofstream(disk + "/filler") << std::string(4u << 20, 'x');
    EXPECT_EQ(run(words).exit_code, 3) << words[0];
    EXPECT_FALSE(files::exists(words.back())) << words[0] << " left something half-written";
  }
  files::remove(disk + "/filler");
  EXPECT_EQ(standing_of(shop), before);
  EXPECT_EQ(run({"collect", shop, views("other.csv", 150)}).exit_code, 0) << "there is room again";
}

}  // namespace
}  // namespace footfall::cli

// docs/sql.md names the tables and columns that there are, and its queries run.
#include <gmock/gmock.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "footfall/engine/engine.h"

namespace footfall::engine {
namespace {

namespace fs = std::filesystem;

struct Documented {
  std::map<std::string, std::vector<std::string>> tables;  // "name TYPE" of every column.
  std::vector<std::string> queries;
};

Documented read_document() {
  Documented documented;
  std::ifstream file("docs/sql.md");
  std::string line;
  std::string table;
  for (bool query = false; std::getline(file, line);) {
    if (query && line != "```") documented.queries.push_back(line);
    if (line.starts_with("```")) query = line == "```sql";
    if (line.starts_with("## ")) {
      table = line.substr(3);
      documented.tables[table];
    }
    if (!line.starts_with("| `")) continue;
    const std::size_t name_end = line.find('`', 3);
    const std::size_t type_end = line.find(" |", name_end + 4);
    documented.tables[table].push_back(line.substr(3, name_end - 3) + " " +
                                       line.substr(name_end + 4, type_end - name_end - 4));
  }
  return documented;
}

class SqlTablesDocument : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = fs::temp_directory_path() / "footfall-sql-document-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
    const EngineOptions options{folder_ + "/shop", "", 1, 1'800'000'000'000, nullptr};
    const std::string orders = folder_ + "/orders.csv";
    std::ofstream(orders) << "order_id,created_at,customer_id,sku,quantity,price\n"
                             "1,2021-01-01 10:00,u1,a,2,1.50\n";
    ASSERT_TRUE(Engine::init(options, {{"currency", "GBP"}}).ok());
    auto engine = Engine::open(options, Access::kWrite);
    ASSERT_TRUE(engine.ok()) << engine.error().message;
    engine_ = std::move(*engine);
    ASSERT_TRUE(engine_->collect({{"files", {orders}}}).ok());
  }
  void TearDown() override {
    engine_.reset();
    std::error_code failure;
    fs::remove_all(folder_, failure);
  }

  Json rows(const std::string& query) {
    const auto answer = engine_->ask({{"question", "sql"}, {"query", query}});
    EXPECT_TRUE(answer.ok()) << query << ": " << answer.error().message;
    return answer.ok() ? (*answer)["rows"] : Json::array();
  }

  std::string folder_;
  std::unique_ptr<Engine> engine_;
};

TEST_F(SqlTablesDocument, NamesWhatThereIs) {
  Documented documented = read_document();
  std::set<std::string> tables;
  for (const Json& row : rows("SHOW TABLES")) tables.insert(row[0]);
  std::set<std::string> named;
  for (const auto& [table, columns] : documented.tables) named.insert(table);
  EXPECT_EQ(named, tables);
  documented.tables["usual_cleaning"] = documented.tables["order_lines"];
  for (const auto& [table, columns] : documented.tables) {
    std::vector<std::string> there;
    for (const Json& row : rows("DESCRIBE " + table)) {
      there.push_back(row[0].get<std::string>() + " " + row[1].get<std::string>());
    }
    // Properties stand behind the columns that every shop has.
    there.resize(std::min(there.size(), columns.size()));
    EXPECT_EQ(columns, there) << table;
  }
}

TEST_F(SqlTablesDocument, TimesWithoutEndAndBeforeYear0AreNotOtherTimes) {
  EXPECT_EQ(rows("select 'infinity'::date, '-infinity'::date, 'infinity'::timestamp, "
                 "'-infinity'::timestamptz, date '0001-01-01' - 400")
                .dump(),
            R"([["infinity","-infinity","infinity","-infinity","-0001-11-28"]])");
}

TEST_F(SqlTablesDocument, ItsQueriesRun) {
  const Documented documented = read_document();
  EXPECT_EQ(documented.queries.size(), documented.tables.size()) << "one a table";
  for (const std::string& query : documented.queries) EXPECT_GT(rows(query).size(), 0u) << query;
}

}  // namespace
}  // namespace footfall::engine

// Test shop: temporary folders, small batches and what a shop holds, for the store's tests.
// Size: one folder of words that all tests of the store share.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "footfall/base/hash.h"
#include "footfall/base/random.h"
#include "footfall/events/batch.h"
#include "footfall/store/store.h"

namespace footfall::store {

/// A folder that goes away with the object.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = std::filesystem::temp_directory_path() / "footfall-test-XXXXXX";
    path_ = ::mkdtemp(pattern.data());
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    std::error_code failure;
    std::filesystem::remove_all(path_, failure);
  }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream bytes;
  bytes << in.rdbuf();
  return bytes.str();
}

inline void write_file(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

struct TestEvent {
  std::string person;  // "user:a", "order:7"; "shop:" for things.
  base::TimeMs time = 0;
  events::EventCode type = events::kViewItem;
  std::string item;
  std::string order = "";  // Makes it an order part with one line, when `quantity` > 0.
  std::int64_t quantity = 0;
  base::PriceMicros price = 0;
  std::string event_id = "";
  std::string country = "";
};

inline events::EventBatch make_batch(const std::vector<TestEvent>& wanted) {
  events::EventBatch batch;
  base::Column<std::uint64_t> ids;
  events::PropertyColumn country{"country", {}};
  for (const TestEvent& event : wanted) {
    batch.users.push_back(batch.persons.intern(event.person));
    batch.times.push_back(event.time);
    batch.types.push_back(event.type);
    const auto item = batch.items_table.intern(event.item);
    batch.items.push_back(item);
    batch.orders.push_back(batch.orders_table.intern(event.order));
    batch.rows.push_back(static_cast<std::uint32_t>(batch.rows.size()));
    country.codes.push_back(batch.texts.intern(event.country));
    std::uint8_t flags = 0;
    std::uint64_t id = 0;
    if (!event.event_id.empty()) {
      flags = events::kHasEventId;
      id = base::hash64(event.event_id);
    }
    if (batch.lines.starts.empty()) batch.lines.starts.push_back(0);
    if (event.quantity > 0) {
      flags =
          events::kHasEventId | events::kOrderPart | events::kServerOrigin | events::kSequenceIsRow;
      id = base::hash64("purchase/" + event.order);
      batch.lines.items.push_back(item);
      batch.lines.names.push_back(0);
      batch.lines.quantities.push_back(event.quantity);
      batch.lines.prices.push_back(event.price);
      batch.lines.numbers.push_back(0);
      batch.lines.marks.push_back(0);
    }
    batch.lines.starts.push_back(static_cast<std::uint32_t>(batch.lines.items.size()));
    batch.flags.push_back(flags);
    ids.push_back(id);
  }
  batch.properties.push_back(std::move(country));
  events::set_keys(batch, ids);
  return batch;
}

inline std::unique_ptr<Store> make_shop(const std::string& path, const OpenOptions& options = {}) {
  const base::Status made = Store::create(path, {"Europe/London", "GBP", 1}, "");
  EXPECT_TRUE(made.ok()) << made.error().message;
  auto store = Store::open(path, Access::kWrite, options);
  EXPECT_TRUE(store.ok()) << store.error().message;
  return store.ok() ? std::move(*store) : nullptr;
}

inline CommitOutcome must_commit(Store& store, const std::vector<TestEvent>& events,
                                 BatchInfo info = {}) {
  events::EventBatch batch = make_batch(events);
  auto outcome = store.commit(batch, std::move(info), base::silent_progress());
  EXPECT_TRUE(outcome.ok()) << outcome.error().message;
  return outcome.ok() ? *outcome : CommitOutcome{};
}

/// All that a snapshot holds, as sorted text lines without any code or number of the shop's own:
/// "user:a 60000 view_item item=i1 order= country=FR lines=[i1 2x1500000]".
inline std::vector<std::string> contents(const Store& store) {
  std::vector<std::string> lines;
  auto snapshot = store.snapshot();
  EXPECT_TRUE(snapshot.ok());
  Columns columns;
  columns.orders = columns.lines = true;
  columns.properties = {"country"};
  for (const Population population :
       {Population::kPeople, Population::kGuests, Population::kThings}) {
    const auto blocks = snapshot->blocks(population, columns);
    EXPECT_TRUE(blocks.ok()) << blocks.error().message;
    if (!blocks.ok()) return {};
    for (const Block& block : *blocks) {
      const auto country = block.property("country");
      for (std::size_t user = 0; user < block.user_count(); ++user) {
        const auto person = store.person(block.users[user]);
        EXPECT_TRUE(person.ok()) << person.error().message;
        for (std::size_t i = block.offsets[user]; i < block.offsets[user + 1]; ++i) {
          std::string line = *person + " " + std::to_string(block.time(i)) + " " +
                             std::string(snapshot->event_name(block.types[i])) +
                             " item=" + std::string(snapshot->item(block.items[i])) +
                             " order=" + std::string(snapshot->order(block.orders.at(i))) +
                             " country=" + std::string(snapshot->text(country.at(i))) + " lines=[";
          const std::size_t group = block.lines.first_group(i);
          if (group < block.lines.events.size() && block.lines.events[group] == i) {
            for (auto l = block.lines.starts[group]; l < block.lines.starts[group + 1]; ++l) {
              line += " " + std::string(snapshot->item(block.lines.items[l])) + " " +
                      std::to_string(block.lines.quantities[l]) + "x" +
                      std::to_string(block.lines.prices[l]);
            }
          }
          lines.push_back(line + "]");
        }
      }
    }
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

/// Events of a small lively shop: people, guests and things, order parts, repeats, ids.
inline std::vector<TestEvent> random_events(base::Random& random, std::size_t count) {
  std::vector<TestEvent> events;
  for (std::size_t i = 0; i < count; ++i) {
    TestEvent event;
    event.time = random.between(0, 500) * base::kMinuteMs;
    event.item = "i" + std::to_string(random.below(8));
    event.country = random.chance(0.5) ? "FR" : "";
    const auto user = "user:" + std::to_string(random.below(12));
    const std::uint64_t kind = random.below(10);
    event.person = user;
    if (kind < 5) {
      event.type = random.chance(0.5) ? events::kViewItem : events::kAddToCart;
    } else if (kind < 8) {
      event.type = events::kPurchase;
      event.order = std::to_string(random.below(20));
      // An order belongs to one person; some are guests' orders.
      const std::uint64_t owner = base::hash64(event.order) % 14;
      event.person = owner < 12 ? "user:" + std::to_string(owner) : "order:" + event.order;
      event.time = static_cast<base::TimeMs>(base::hash64(event.order) % 500) * base::kMinuteMs;
      event.quantity = random.between(1, 3);
      event.price = random.between(1, 3) * 500'000;
    } else if (kind < 9) {
      event.event_id = "id" + std::to_string(i) + "/" + std::to_string(random());
    } else {
      event.person = "shop:";
      event.type = events::kStockAdjustment;
    }
    events.push_back(std::move(event));
  }
  return events;
}

}  // namespace footfall::store

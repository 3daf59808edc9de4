// What the items of an event's list say for themselves.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "footfall/events/test_files.h"

namespace footfall::events {
namespace {

using test::property;
using test::reasons;

std::unique_ptr<Harvest> take(const std::string& csv) {
  auto harvest = test::interpret({.texts = {csv}});
  EXPECT_TRUE(harvest.ok()) << harvest.error().message;
  if (!harvest.ok()) return std::make_unique<Harvest>(ShopFacts{});
  EXPECT_TRUE(test::adds_up(**harvest));
  return std::move(*harvest);
}

std::string line_property(const Harvest& harvest, std::size_t line, std::string_view name) {
  for (const PropertyColumn& own : harvest.batch.lines.properties) {
    if (own.name == name) return std::string(harvest.batch.texts.text(own.codes[line]));
  }
  return "";
}

TEST(EventLists, ItemsOfAListHaveTheirOwnCategoryAndBrand) {
  const std::string head = "event,time,user,transaction_id,items\n";
  const auto row = [](const std::string& order, const std::string& list) {
    std::string cell;
    for (const char c : list) cell += c == '"' ? std::string("\"\"") : std::string(1, c);
    return "purchase,2021-01-01,u," + order + ",\"" + cell + "\"\n";
  };
  const std::string second =
      row("2", R"j([{"item_id":"a","item_category":"toys","category":"x"},)j"
               R"j({"item_id":"b","item_category":"toys","brand":"(not set)"}])j");
  const auto harvest =
      take(head +
           row("1", R"([{"item_id":"a","item_category":"toys"},)"
                    R"({"item_id":"b","category":"books","item_brand":"B"},{"item_id":"c"}])") +
           second + row("3", R"([{"item_id":"a","item_category":["toys"]}])"));
  const auto lines_of = [&](std::string_view name) {
    std::string all;
    for (std::size_t line = 0; line < 6; ++line) all += line_property(*harvest, line, name) + ",";
    return all;
  };
  EXPECT_EQ(lines_of("category"), "toys,books,,toys,toys,,");
  EXPECT_EQ(lines_of("brand"), ",B,,,,,");
  EXPECT_EQ(property(*harvest, 0, "category"), "") << "its items differ";
  EXPECT_EQ(property(*harvest, 1, "category"), "toys") << "all its items say so";
  EXPECT_EQ(property(*harvest, 2, "category"), "");
  // What another event of the file says makes no other event of this one.
  const auto alone = take(head + second);
  EXPECT_EQ(alone->batch.digests[0], harvest->batch.digests[1]);
  EXPECT_TRUE(alone->batch.lines.properties.empty());
}

TEST(EventLists, WhatAnEventSaysOfItselfIsNoWordOfItsItems) {
  const auto taken = [](const std::string& list) {
    return take("event,time,user,transaction_id,category,items\npurchase,2021-01-01,u,1,web,\"" +
                list + "\"\n");
  };
  const std::string toys = R"({""item_id"":""a"",""item_category"":""toys""})";
  for (const std::string& list : {"[" + toys + "]", "[" + toys + "," + toys + "]"}) {
    const auto harvest = taken(list);
    EXPECT_EQ(property(*harvest, 0, "category"), "web");
    EXPECT_EQ(line_property(*harvest, 0, "category"), "toys");
  }
  const auto books = taken(R"([{""item_id"":""a"",""item_category"":""books""}])");
  EXPECT_NE(books->batch.digests[0], taken("[" + toys + "]")->batch.digests[0]);
  const auto other = taken("[" + toys + R"(,{""item_id"":""b""}])");
  EXPECT_EQ(line_property(*other, 1, "category"), "web") << "as its event";
  const auto held =
      taken(R"([{""item_id"":""a"",""item_brand"":"")" + std::string(70'000, 'x') + R"(""}])");
  EXPECT_EQ(reasons(held->ledger.quarantined), "value_too_long 1");
  const auto long_id = taken(R"([{""item_id"":"")" + std::string(600, 'x') + R"(""}])");
  EXPECT_EQ(reasons(long_id->ledger.quarantined), "id_too_long 1");
}

}  // namespace
}  // namespace footfall::events

#include "footfall/engine/mapping_json.h"

#include <gmock/gmock.h>

namespace footfall::engine {
namespace {

using events::Field;

TEST(MappingJson, ReadsTheContractsExample) {
  const Json document = Json::parse(R"({
      "event": {"column": "behavior",
                "values": {"view": "view_item", "cart": "add_to_cart", "buy": "purchase"}},
      "user": "user", "item": "item",
      "time": {"column": "timestamp", "unit": "s", "zone": "UTC"},
      "sequence": "$row", "currency": "GBP"})");
  const auto mapping = mapping_from_json(document);
  ASSERT_TRUE(mapping.ok()) << mapping.error().message;
  EXPECT_EQ(mapping->kind, events::FileKind::kEvents);
  EXPECT_EQ(mapping->event.values.size(), 3u);
  EXPECT_EQ(mapping->time.unit, events::TimeUnit::kSeconds);
  EXPECT_EQ(mapping->column(Field::kSequence), "$row");
  EXPECT_EQ(mapping->column(Field::kCurrency), "GBP");
}

TEST(MappingJson, WritesWhatItReads) {
  const char* const documents[] = {
      R"({"kind":"events"})",
      R"({"kind":"orders","time":{"column":"t","unit":"text","format":"dmy","zone":"UTC"},)"
      R"("user":"u","item":"i","order":"o","price":"p","properties":{"a":"A"},"ignore":["x"],)"
      R"("cancellation_prefix":"C","adjustment_prefix":"A","bookkeeping":{"digits":5},)"
      R"("order_cells_once":true,"zero_id":true})",
      R"({"kind":"stock","event":{"constant":"stock_level"},"quantity":"q","bookkeeping":"words"})",
      R"({"kind":"events","event":{"column":"e","values":{"b":"purchase"}},"items":"i"})",
  };
  for (const char* const document : documents) {
    const auto mapping = mapping_from_json(Json::parse(document));
    ASSERT_TRUE(mapping.ok()) << document << ": " << mapping.error().message;
    EXPECT_EQ(mapping_to_json(*mapping).dump(), document);
  }
}

TEST(MappingJson, ReadsWhatAReportPrints) {
  const auto mapping = mapping_from_json(Json::parse(
      R"({"kind":"orders","user":{"column":"u","confidence":0.9},"format":"csv","files":["a"],)"
      R"("time":{"column":"t","confidence":1},"preset":"x"})"));
  ASSERT_TRUE(mapping.ok()) << mapping.error().message;
  EXPECT_EQ(mapping->column(Field::kUser), "u");
  EXPECT_EQ(mapping->time.column, "t");
}

TEST(MappingJson, ShortForms) {
  const auto mapping = mapping_from_json(
      Json::parse(R"({"event":"e","time":"t","transaction_id":"o","price":"p"})"));
  ASSERT_TRUE(mapping.ok());
  EXPECT_EQ(mapping->event.column, "e");
  EXPECT_EQ(mapping->column(Field::kOrder), "o");
  EXPECT_EQ(mapping->kind, events::FileKind::kEvents);
  const auto orders = mapping_from_json(Json::parse(R"({"order":"o","price":"p"})"));
  EXPECT_EQ(orders->kind, events::FileKind::kOrders) << "lines of orders need no event";
  EXPECT_FALSE(orders->kind_open);
  EXPECT_TRUE(mapping_from_json(Json::parse(R"({"user":"u"})"))->kind_open);
}

TEST(MappingJson, RefusesWhatItDoesNotKnow) {
  struct Case {
    const char* why;
    const char* document;
    const char* message_end;
  };
  const Case cases[] = {
      {"no object", "[1]", ": [1]"},
      {"an unknown key", R"({"usre":"u"})", ": usre"},
      {"a number for a column", R"({"user":7})", ": 7"},
      {"an unknown unit", R"({"time":{"column":"t","unit":"h"}})", ": \"h\""},
      {"an unknown order of dates", R"({"time":{"column":"t","format":"ydm"}})", ": \"ydm\""},
      {"an unknown kind", R"({"kind":"things"})", ": \"things\""},
      {"values that are no words", R"({"event":{"values":["a"]}})", ": [\"a\"]"},
      {"digits without end", R"({"bookkeeping":{"digits":500}})", ": {\"digits\":500}"},
      {"a word for a flag", R"({"zero_id":"yes"})", ": \"yes\""},
      {"an unknown part of a time", R"({"time":{"clock":"t"}})", ": clock"},
  };
  for (const Case& c : cases) {
    const auto mapping = mapping_from_json(Json::parse(c.document));
    ASSERT_FALSE(mapping.ok()) << c.why;
    EXPECT_THAT(mapping.error().message, testing::EndsWith(c.message_end)) << c.why;
  }
  EXPECT_EQ(mapping_from_json(Json::parse(R"({"usre":"u"})")).error().hint, "did you mean user?");
}

}  // namespace
}  // namespace footfall::engine

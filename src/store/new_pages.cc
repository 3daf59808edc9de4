#include "footfall/store/new_pages.h"

namespace footfall::store {

void NewPages::put(const Intake& intake) {
  const auto put_texts = [&](const PageKind& kind, const auto& page) {
    if (!page) return;
    put_page(kind, page->first_code(), encoded_.emplace_back(page->encode()));
    draft_.manifest.*kind.size += static_cast<std::uint32_t>(page->size());
  };
  put_texts(kItemPages, intake.new_items);
  put_texts(kOrderPages, intake.new_orders);
  put_texts(kTextPages, intake.new_texts);
  draft_.manifest.own_names = intake.own_names;
  if (intake.new_people_count > 0) {
    put_page(kPeoplePages, draft_.manifest.people + 1, intake.new_people);
    draft_.manifest.people += intake.new_people_count;
  }
  writer_.start();
}

void NewPages::put_page(const PageKind& kind, std::uint32_t first, std::string_view bytes) {
  const std::string key = numbered_key(kind.prefix, first);
  if (bytes.size() < store_.options.page_file_min) {
    draft_.batch.put(key, bytes);
    return;
  }
  draft_.written.push_back(writer_.add(page_file_name(kind.name, first), bytes));
  draft_.batch.put(key, encode_page_reference(bytes.size()));
}

}  // namespace footfall::store

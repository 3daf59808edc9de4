// EventSet: a set of event types, asked once an event.
#pragma once

#include <bitset>
#include <initializer_list>
#include <vector>

#include "footfall/events/schema.h"

namespace footfall::analytics {

using events::EventCode;

class EventSet {
 public:
  EventSet() = default;
  EventSet(std::initializer_list<EventCode> codes) {
    for (const EventCode code : codes) insert(code);
  }
  static EventSet all() { return ~EventSet(); }
  /// What is no deed of a person though it stands in their history: attributes.
  static EventSet attributes() { return {events::kUserProfile}; }
  /// What a person does: all that people's histories hold but attributes.
  static EventSet deeds() { return ~attributes(); }

  void insert(EventCode code) { codes_.set(code); }
  bool contains(EventCode code) const { return codes_[code]; }
  bool empty() const { return codes_.none(); }
  std::size_t size() const { return codes_.count(); }
  bool intersects(const std::bitset<256>& codes) const { return (codes_ & codes).any(); }
  bool operator==(const EventSet&) const = default;
  EventSet operator~() const {
    EventSet set;
    set.codes_ = ~codes_;
    return set;
  }
  EventSet& operator|=(const EventSet& other) {
    codes_ |= other.codes_;
    return *this;
  }
  /// In rising order.
  std::vector<EventCode> codes() const {
    std::vector<EventCode> list;
    for (unsigned code = 0; code < 256; ++code) {
      if (codes_[code]) list.push_back(static_cast<EventCode>(code));
    }
    return list;
  }

 private:
  std::bitset<256> codes_;
};

}  // namespace footfall::analytics

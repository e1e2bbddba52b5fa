// Shapes of JSON values, as JSON Schema (draft 2020-12) says them in /openapi.json.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace foliot::api {

/// A value: its text, and the schemas that it refers to by name.
class Schema {
  public:
    struct Property;

    static Schema any();
    static Schema text(std::size_t least = 0, std::optional<std::size_t> most = {});  ///< lengths in characters
    static Schema bytes(std::size_t least, std::size_t most);  ///< text whose length counts in bytes of UTF-8
    static Schema instant();                                   ///< RFC 3339
    static Schema word(std::initializer_list<std::string_view> words);
    static Schema boolean();
    static Schema whole(std::optional<std::int64_t> least = {}, std::optional<std::int64_t> most = {});
    static Schema number(std::optional<double> least = {}, std::optional<double> most = {});
    static Schema null();
    static Schema list(const Schema& item);
    static Schema either(const std::vector<Schema>& choices);
    static Schema object(const std::vector<Property>& properties);       ///< has these members and no others
    static Schema open_object(const std::vector<Property>& properties);  ///< may have others
    static Schema free_object();                                         ///< any members

    Schema or_null() const { return either({*this, null()}); }
    Schema named(const std::string& name) const;  ///< a reference to it, for what is used often
    Schema with_example(std::string_view json) const { return with_examples({json}); }
    Schema with_examples(std::initializer_list<std::string_view> jsons) const;
    Schema described(std::string_view text) const;

    const std::string& json() const { return json_; }
    /// All that json() refers to, directly or not: "#/components/schemas/NAME".
    const std::map<std::string, std::string>& references() const { return references_; }

  private:
    explicit Schema(std::string json) : json_(std::move(json)) {}
    static Schema members(const std::vector<Property>& properties, bool others);
    void adopt(const Schema& other);

    std::string json_;
    std::map<std::string, std::string> references_;
};

struct Schema::Property {
    std::string name;
    Schema schema;
    bool required = true;
};

}  // namespace foliot::api

// What people read: tables, and lists of names and values. Texts of others do nothing to the terminal (cli/shown).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace foliot::cli {

struct Column {
    Column(const char* of, bool cut = false) : name(of), may_be_cut(cut) {}
    std::string name;
    bool may_be_cut;
};
/// What people read but hardly copy. Ids and times are not cut, however narrow the terminal is.
inline Column cut(const char* name) { return {name, true}; }

class Table {
  public:
    explicit Table(std::vector<Column> head) : head_(std::move(head)) {}
    void add(std::vector<std::string> cells);  ///< as many as the head has
    bool empty() const { return rows_.empty(); }
    /// A line each, the head first. With `width` above 0 no line takes more columns, if that can be: the widest of
    /// those that may be cut gives way first.
    std::string text(std::size_t width) const;

  private:
    std::vector<Column> head_;
    std::vector<std::vector<std::string>> rows_;
};

/// "name   value", the values below each other, further lines of one too. What is empty is left out.
class Fields {
  public:
    void add(std::string_view name, std::string_view value);
    std::string text() const;

  private:
    std::vector<std::pair<std::string, std::string>> lines_;
};

/// To standard output, as wide as the terminal is.
void print(const Table& table);

}  // namespace foliot::cli

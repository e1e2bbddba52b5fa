#include "cli/table.hpp"

#include "cli/shown.hpp"

#include <algorithm>
#include <iostream>
#include <numeric>

namespace foliot::cli {
namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kNarrowest = 8;

using Row = std::vector<std::string>;

std::vector<std::size_t> widths_of(const std::vector<Column>& head, const std::vector<Row>& rows) {
    std::vector<std::size_t> widths;
    for (std::size_t i = 0; i < head.size(); ++i) {
        std::size_t width = columns(head[i].name);
        for (const Row& row : rows) width = std::max(width, columns(row[i]));
        widths.push_back(width);
    }
    return widths;
}

void narrow(const std::vector<Column>& head, std::vector<std::size_t>& widths, std::size_t most) {
    std::size_t all = std::accumulate(widths.begin(), widths.end(), kGap * (widths.size() - 1));
    for (; all > most; --all) {
        std::size_t* widest = nullptr;
        for (std::size_t i = 0; i < widths.size(); ++i) {
            if (head[i].may_be_cut && (widest == nullptr || widths[i] > *widest)) widest = &widths[i];
        }
        if (widest == nullptr || *widest <= kNarrowest) return;
        --*widest;
    }
}

Row names_of(const std::vector<Column>& head) {
    Row names;
    for (const Column& column : head) names.push_back(column.name);
    return names;
}

std::string line(const Row& row, const std::vector<std::size_t>& widths) {
    std::string text;
    for (std::size_t i = 0; i < row.size(); ++i) {
        const std::string cell = cut_to(row[i], std::max<std::size_t>(widths[i], 1));
        text += cell + std::string(widths[i] - std::min(columns(cell), widths[i]) + kGap, ' ');
    }
    text.erase(text.find_last_not_of(' ') + 1);
    return text + "\n";
}

}  // namespace

void Table::add(std::vector<std::string> cells) {
    for (std::string& cell : cells) cell = shown(cell);
    cells.resize(head_.size());
    rows_.push_back(std::move(cells));
}

std::string Table::text(std::size_t width) const {
    std::vector<std::size_t> widths = widths_of(head_, rows_);
    if (width > 0) narrow(head_, widths, width);
    std::string text = line(names_of(head_), widths);
    for (const Row& row : rows_) text += line(row, widths);
    return text;
}

void Fields::add(std::string_view name, std::string_view value) {
    if (!value.empty()) lines_.emplace_back(name, shown(value, Breaks::keep));
}

std::string Fields::text() const {
    std::size_t width = 0;
    for (const auto& [name, value] : lines_) width = std::max(width, columns(name));
    std::string text;
    for (const auto& [name, value] : lines_) {
        text += name + std::string(width - columns(name) + kGap, ' ');
        for (const char c : value) {
            text += c;
            if (c == '\n') text += std::string(width + kGap, ' ');
        }
        text += '\n';
    }
    return text;
}

void print(const Table& table) { std::cout << table.text(terminal_width()); }

}  // namespace foliot::cli

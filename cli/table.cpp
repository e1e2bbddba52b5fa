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

std::vector<std::size_t> widths_of(const Row& head, const std::vector<Row>& rows) {
    std::vector<std::size_t> widths;
    for (std::size_t i = 0; i < head.size(); ++i) {
        std::size_t width = columns(head[i]);
        for (const Row& row : rows) width = std::max(width, columns(row[i]));
        widths.push_back(width);
    }
    return widths;
}

void narrow(std::vector<std::size_t>& widths, std::size_t most) {
    const std::size_t gaps = kGap * (widths.size() - 1);
    for (;;) {
        const auto widest = std::ranges::max_element(widths);
        const std::size_t all = std::accumulate(widths.begin(), widths.end(), gaps);
        if (all <= most || *widest <= kNarrowest) return;
        --*widest;
    }
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
    if (width > 0) narrow(widths, width);
    std::string text = line(head_, widths);
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

#include "abi/header.hpp"

#include <algorithm>
#include <cctype>
#include <regex>
#include <stdexcept>

namespace foliot::testing {
namespace {

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

std::string last_word(std::string_view text) {
    while (!text.empty() && !is_word(text.back())) text.remove_suffix(1);
    std::size_t begin = text.size();
    while (begin > 0 && is_word(text[begin - 1])) --begin;
    if (begin == text.size()) throw std::runtime_error("no name in a declaration");
    return std::string(text.substr(begin));
}

/// Parts of `text` between `separator`s that are in no brackets.
std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> parts{""};
    int depth = 0;
    for (const char c : text) {
        depth += c == '{' || c == '(' ? 1 : c == '}' || c == ')' ? -1 : 0;
        if (c == separator && depth == 0)
            parts.emplace_back();
        else
            parts.back() += c;
    }
    return parts;
}

bool is_blank(const std::string& text) { return text.find_first_not_of(' ') == std::string::npos; }

std::vector<std::string> names_in(const std::string& body) {
    std::vector<std::string> names;
    for (const std::string& declaration : split(body, ';')) {
        if (is_blank(declaration)) continue;
        if (const std::size_t open = declaration.find('{'); open != std::string::npos) {
            const std::size_t close = declaration.rfind('}');
            const std::string outer = last_word(declaration.substr(close));
            names.push_back(outer);
            for (const std::string& inner : names_in(declaration.substr(open + 1, close - open - 1)))
                names.push_back(outer + "." + inner);
        } else if (const std::size_t pointer = declaration.find("(*"); pointer != std::string::npos) {
            names.push_back(last_word(declaration.substr(pointer, declaration.find(')', pointer) - pointer)));
        } else {
            for (const std::string& declarator : split(declaration, ',')) names.push_back(last_word(declarator));
        }
    }
    return names;
}

std::size_t closing(const std::string& text, std::size_t open) {
    int depth = 0;
    for (std::size_t at = open; at < text.size(); ++at) {
        depth += text[at] == '{' ? 1 : text[at] == '}' ? -1 : 0;
        if (depth == 0) return at;
    }
    throw std::runtime_error("a bracket is not closed");
}

}  // namespace

std::string without_comments(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text.substr(at, 2) == "/*") {
            at = std::min(text.find("*/", at), text.size() - 2) + 1;
            out += ' ';
        } else {
            out += text[at];
        }
    }
    return std::regex_replace(out, std::regex(R"(\s+)"), " ");
}

int number_of(std::string_view text, const std::string& macro) {
    std::smatch found;
    const std::string code = without_comments(text);
    if (!std::regex_search(code, found, std::regex("#define " + macro + " ([0-9]+)")))
        throw std::runtime_error(macro + " is not defined as a number");
    return std::stoi(found[1]);
}

Header Header::read(std::string_view text) {
    Header header;
    const std::string code = without_comments(text);
    const std::regex begin(R"(typedef struct (\w+) \{)");
    for (std::sregex_iterator found(code.begin(), code.end(), begin), end; found != end; ++found) {
        const auto open = static_cast<std::size_t>(found->position() + found->length() - 1);
        const std::string name = (*found)[1];
        header.structs.push_back(name);
        for (std::string& field : names_in(code.substr(open + 1, closing(code, open) - open - 1)))
            header.fields.emplace_back(name, std::move(field));
    }
    const std::regex constant(R"((FOLIOT_\w+) = -?[0-9]+)");
    for (std::sregex_iterator found(code.begin(), code.end(), constant), end; found != end; ++found)
        header.constants.push_back((*found)[1]);
    return header;
}

std::string layout_program(const Header& header) {
    std::string text = "#include <foliot/abi.h>\n#include <stdio.h>\nint main(void) {\n";
    const auto print = [&](const std::string& name, const std::string& value) {
        text += "    printf(\"%s %lld\\n\", \"" + name + "\", (long long)(" + value + "));\n";
    };
    for (const auto& [name, field] : header.fields) {
        print("offset " + name + "." + field, "offsetof(" + name + ", " + field + ")");
        print("size " + name + "." + field, "sizeof(((" + name + "*)0)->" + field + ")");
    }
    for (const std::string& constant : header.constants) print("value " + constant, constant);
    for (const std::string& name : header.structs) print("whole " + name, "sizeof(" + name + ")");
    return text + "    return 0;\n}\n";
}

}  // namespace foliot::testing

#include "cli/output/group_html.hpp"

#include <fmt/format.h>

#include "cli/output/html_page.hpp"
#include "core/text/escape.hpp"

namespace pmatch::cli {
namespace {

constexpr int kPicture = 140;  // pixels

class ContactSheet {
public:
    ContactSheet(const Matched& matched, const Items& items, const Write& write)
        : matched_(matched), items_(items), write_(write) {}

    void print(std::span<const Group> groups) const {
        write_(html_head("Groups of pmatch match",
                         "The framed item stands for its group; the others show the score of their "
                         "pair with it, and its rank and score in each list."));
        write_(fmt::format("<p>{} group{}</p>\n", groups.size(), groups.size() == 1 ? "" : "s"));
        for (const auto& group : groups)
            print_group(group);
        write_(html_tail());
    }

private:
    void print_group(const Group& group) const {
        write_(fmt::format("<section><div class=\"items\"><h2>Group {} · {} items</h2>\n",
                           group.number, group.members.size()));
        print_member(group.medoid, group);
        for (const auto member : group.members) {
            if (member != group.medoid) print_member(member, group);
        }
        write_("</div></section>\n");
    }

    void print_member(std::uint32_t member, const Group& group) const {
        const bool is_medoid = member == group.medoid;
        const auto row = matched_.left.row_of(member);
        write_(is_medoid ? "<div class=\"item medoid\">\n" : "<div class=\"item\">\n");
        const auto pictures = items_.pictures_of(row);
        if (!pictures.empty()) write_(html_picture(pictures.front(), kPicture));
        write_(fmt::format("{} <span class=\"id\">{}</span>\n", html_escaped(items_.title_of(row)),
                           html_escaped(matched_.left.id_of(member))));
        if (!is_medoid) print_evidence(member, group.medoid);
        write_("</div>\n");
    }

    void print_evidence(std::uint32_t member, std::uint32_t medoid) const {
        const auto place = place_of(matched_, member, medoid);
        if (!place) {
            write_("<p class=\"problem\">by way of others</p>\n");
            return;
        }
        const auto& table = matched_.table;
        write_(fmt::format("<span class=\"score\">{:.4f}</span>\n", table.pairs()[*place].score));
        write_("<table><tr><th>list</th><th>rank</th><th>score</th></tr>");
        for (std::size_t list = 0; list < table.lists().size(); ++list) {
            const auto part = table.part(list, *place);
            write_(fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td></tr>",
                               html_escaped(table.lists()[list]),
                               part.rank > 0 ? fmt::format("#{}", part.rank) : "-",
                               part.present() ? fmt::format("{:.4f}", part.raw) : "-"));
        }
        write_("</table>\n");
    }

    const Matched& matched_;
    const Items& items_;
    const Write& write_;
};

}  // namespace

void print_contact_sheet(const Matched& matched, std::span<const Group> groups, const Items& items,
                         const Write& write) {
    ContactSheet(matched, items, write).print(groups);
}

}  // namespace pmatch::cli

package api

import (
	"slices"

	"dhtop/dhtcore"
	"dhtop/views/report"
)

// defaultRows is how many rows a page has without limit=.
const defaultRows = 100

// sorts are what hashes can be sorted by, the first one where the request does not say.
var sorts = []struct {
	name  string
	order dhtcore.Order // by the direction that people expect
}{
	{"requests", dhtcore.Order{Column: dhtcore.ByRequests}},
	{"last_hour", dhtcore.Order{Column: dhtcore.ByRequests, Window: dhtcore.LastHour}},
	{"last_minutes", dhtcore.Order{Column: dhtcore.ByRequests, Window: dhtcore.LastMinutes}},
	{"raw_requests", dhtcore.Order{Column: dhtcore.ByRawRequests}},
	{"rate", dhtcore.Order{Column: dhtcore.ByRate}},
	{"sources", dhtcore.Order{Column: dhtcore.BySources}},
	{"announces", dhtcore.Order{Column: dhtcore.ByAnnounces}},
	{"samples", dhtcore.Order{Column: dhtcore.BySamples}},
	{"tracked", dhtcore.Order{Column: dhtcore.ByTracked}},
	{"peers", dhtcore.Order{Column: dhtcore.ByPeers}},
	{"seeds", dhtcore.Order{Column: dhtcore.BySeeds}},
	{"leechers", dhtcore.Order{Column: dhtcore.ByPeersEstimate}},
	{"vantages", dhtcore.Order{Column: dhtcore.ByVantages}},
	{"first_seen", dhtcore.Order{Column: dhtcore.ByFirstSeen}},
	{"last_seen", dhtcore.Order{Column: dhtcore.ByLastSeen}},
	{"info_hash", dhtcore.Order{Column: dhtcore.ByInfoHash, Ascending: true}},
	{"name", dhtcore.Order{Column: dhtcore.ByName, Ascending: true}},
}

// directions are the values of order=.
var directions = map[bool]string{false: "desc", true: "asc"}

// direction is the parameter order=. Which one people expect depends on what is sorted by.
func direction(about string) param {
	p := choice("order", about, directions[false], directions[true])
	p.absent = ""
	delete(p.schema, "default")
	return p
}

// filterParam is the parameter filter=.
func filterParam(about string) param { return text("filter", about, 1000) }

// rankingParams are those of a ranking, and of an export of it.
func rankingParams(defaultLimit int) []param {
	names := make([]string, len(sorts))
	for i := range sorts {
		names[i] = sorts[i].name
	}
	return []param{
		choice("sort", "what to sort by", names...),
		direction("the direction; the most first unless sort is info_hash or name"),
		filterParam("which hashes: the language of the screen's filters, as in name:ubuntu requests>9"),
		integer("limit", "how many at most", 1, dhtcore.MaxRanked, defaultLimit),
	}
}

// hashesParams are those of a page of the ranking.
func hashesParams() []param {
	return append(rankingParams(defaultRows), text("cursor", "next_cursor of the page before", 1000))
}

// hashes answers with a page of the ranking.
func hashes(c *call) (status int, document any) {
	sort, order := orderOf(c)
	var after *cursor
	if text := value[string](c, "cursor"); text != "" {
		parsed, err := parseCursor(text, sort, order)
		if err != nil {
			return fail(badParam("cursor", "%s", err))
		}
		after = &parsed
	}
	all, err := c.ranked(order, after)
	if err != nil {
		return fail(err)
	}
	rows, limit, next := all.rows, value[int](c, "limit"), ""
	if after != nil {
		// Not the rows behind the one that the page before ended with: that one may have risen meanwhile.
		rows = slices.DeleteFunc(slices.Clone(rows), func(r dhtcore.HashRow) bool {
			p := positionOf(&r, order)
			return p.compare(&after.position, order) <= 0
		})
	}
	if len(rows) > limit || len(rows) == limit && all.more {
		rows = rows[:limit]
		last := positionOf(&rows[limit-1], order)
		next = last.cursor(sort, order, all.at)
	}
	page := report.NewHashPage(all.at, sort, directions[order.Ascending], c.explorer.Snapshot().Hashes.Seen, rows, next)
	return found(&page)
}

// orderOf returns the order that a call asks for, and its name.
func orderOf(c *call) (name string, o dhtcore.Order) {
	name = value[string](c, "sort")
	for i := range sorts {
		if sorts[i].name == name {
			o = sorts[i].order
		}
	}
	if direction := value[string](c, "order"); direction != "" {
		o.Ascending = direction == directions[true]
	}
	return name, o
}

package transform

import (
	"cmp"
	"slices"

	"dhtop/dhtcore"
)

// trackerSince returns what our tracker did since then. What its swarms are and have completed stays.
func trackerSince(now, then *dhtcore.Tracker) *dhtcore.Tracker {
	t := *now
	for _, count := range [...]struct{ of, was *uint64 }{
		{&t.AnnouncesHTTP, &then.AnnouncesHTTP}, {&t.AnnouncesUDP, &then.AnnouncesUDP}, {&t.ScrapesHTTP, &then.ScrapesHTTP},
		{&t.ScrapesUDP, &then.ScrapesUDP}, {&t.Connects, &then.Connects}, {&t.Failures, &then.Failures}, {&t.Ignored, &then.Ignored},
		{&t.BadIDs, &then.BadIDs}, {&t.Started, &then.Started}, {&t.Stopped, &then.Stopped}, {&t.Completed, &then.Completed},
	} {
		*count.of = since(*count.of, *count.was)
	}
	for i := range t.RefusedHTTP {
		t.RefusedHTTP[i], t.RefusedUDP[i] = since(t.RefusedHTTP[i], then.RefusedHTTP[i]), since(t.RefusedUDP[i], then.RefusedUDP[i])
	}
	t.Clients = nil
	for _, c := range now.Clients {
		for _, was := range then.Clients {
			if was.Name == c.Name {
				c.Announces = since(c.Announces, was.Announces)
			}
		}
		if c.Announces > 0 {
			t.Clients = append(t.Clients, c)
		}
	}
	slices.SortStableFunc(t.Clients, func(a, b dhtcore.TrackerClient) int { return cmp.Compare(b.Announces, a.Announces) })
	return &t
}

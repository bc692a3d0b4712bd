package tracker

import (
	"strings"
	"testing"
)

// The rules of the two documents that this tracker comes from, where they differ from one another or from what
// TestBadRequestsAreToldWhy has: the PHP tracker wants uploaded, downloaded and left, the Flask tracker does not.
func TestTheRulesOfTheEarlierTrackersForParameters(t *testing.T) {
	tr := run(t, Config{})
	c := dial(t, tr.HTTPAddr())
	base := "/announce?info_hash=" + strings.Repeat("%01", 20) + "&peer_id=" + strings.Repeat("a", 20) + "&port=7"
	for query, want := range map[string]string{
		"":                                 "10:incompletei1e", // one that says nothing of left is no seeder
		"&left=":                           "invalid left",
		"&left=12.5":                       "invalid left",
		"&downloaded=0x10":                 "invalid downloaded",
		"&uploaded=":                       "invalid uploaded",
		"&left=-1":                         "10:incompletei1e",
		"&left=99999999999999999999999":    "10:incompletei1e",
		"&event=":                          "8:interval",
		"&event=empty":                     "8:interval",
		"&event=STARTED":                   "invalid event",
		"&numwant=":                        "8:interval",
		"&numwant=all":                     "invalid numwant",
		"&ip=no.such.host.example":         "8:interval", // no name is looked up
		"&ip=" + strings.Repeat("x", 4000): "8:interval",
		"&corrupt=0&key=AEC92B93&supportcrypto=1&redundant=x": "8:interval",
	} {
		status, body := c.get(base + query)
		if refused := strings.HasPrefix(body, "d14:failure reason"); status != 200 || !strings.Contains(body, want) || refused != strings.HasPrefix(want, "invalid") {
			t.Errorf("%.60s: %d %q; want %q", query, status, body, want)
		}
	}
}

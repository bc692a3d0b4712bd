package dhtcore

import (
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
)

func TestTheTrackersOfAnEntryAreAskedAnewToConfirmWhatTheyTold(t *testing.T) {
	var asked atomic.Int32
	wait := ""
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := string('0' + asked.Add(1))
		io.WriteString(w, "d5:filesd20:"+r.URL.Query().Get("info_hash")+"d8:completei"+n+"e10:incompletei2eee"+wait+"e") //nolint:errcheck // the test sees what does not arrive
	}))
	defer s.Close()
	trackers, cfg := new(watchTrackers), &Config{Demo: &Demo{}}
	entry := WatchEntry{Target: ID{1, 2, 3}, Scrape: true, Trackers: []string{s.URL + "/announce"}}
	for _, c := range []struct {
		anew  bool
		wait  string
		seeds int
	}{
		{false, "", 1},
		{false, "", 1},
		{true, "5:flagsd20:min_request_intervali900ee", 2},
		{true, "", 2}, // it wants to be left alone
	} {
		wait = c.wait
		if o := trackers.ask(t.Context(), cfg, &entry, c.anew); !o.TrackerKnown || o.TrackerSeeds != c.seeds || int(asked.Load()) != c.seeds {
			t.Errorf("%+v: %d seeds, %d requests", c, o.TrackerSeeds, asked.Load())
		}
	}
}

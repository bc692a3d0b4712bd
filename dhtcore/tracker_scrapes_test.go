package dhtcore

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestTheTrackersOfAHashAreAskedWhenToldTo(t *testing.T) {
	asked := make(chan struct{}, 10)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked <- struct{}{}
		io.WriteString(w, "d5:filesd20:"+r.URL.Query().Get("info_hash")+"d8:completei5e10:incompletei2eeee") //nolint:errcheck // the test sees what does not arrive
	}))
	defer s.Close()
	e := start(t, Config{Demo: &Demo{Nodes: 5}})
	hash := ID{1, 2, 3}
	viewer := e.NewViewer()
	defer viewer.Close()
	watchHash(t, viewer, hash)
	if _, err := e.StartScrape(hash); !errors.Is(err, errNoTracker) {
		t.Fatal(err)
	}
	e.LearnTorrent(&Torrent{Hashes: []ID{hash}, Trackers: []string{s.URL + "/announce", "udp://192.0.2.1:1"}})
	e.LearnTorrent(&Torrent{Hashes: []ID{hash, {9}}, Trackers: []string{s.URL + "/announce"}})
	if v := viewer.Snapshot().Trackers[hash]; len(v.Known) != 2 || !v.Asked.IsZero() || len(asked) > 0 {
		t.Fatalf("%+v, and %d requests", v, len(asked))
	}
	eventually(t, e, "scrape", func(*Snapshot) bool { // as soon as Run runs
		n, err := e.StartScrape(hash)
		return n == 2 && err == nil
	})
	v := eventually(t, viewer, "answers", func(s *Snapshot) bool { return len(s.Trackers[hash].Results) == 2 && !s.Trackers[hash].Running }).Trackers[hash]
	if s := v.Results[0].Swarm(); s.Seeders != 5 || s.Leechers != 2 || s.Completed != UnknownCount || v.Results[1].Err == nil {
		t.Errorf("%+v", v)
	}
	if len(asked) != 1 {
		t.Errorf("the tracker had %d requests", len(asked))
	}
}

func TestOnlySoManyHashesHaveTheirTrackersKept(t *testing.T) {
	k := &scraper{changed: func() {}}
	for i := range 2 * trackedTorrents {
		k.learn(&Torrent{Hashes: []ID{{byte(i), byte(i >> 8), 1}}, Trackers: []string{"udp://t:1"}})
	}
	if len(k.of) != trackedTorrents || len(k.order) != trackedTorrents || k.of[ID{0, 0, 1}] != nil {
		t.Errorf("%d kept", len(k.of))
	}
}

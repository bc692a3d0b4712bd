package dhtcore

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

func TestATrackerRunsBesideTheNodeOnSwarmsOfItsOwn(t *testing.T) {
	e := start(t, Config{Bind: loopback, Bootstrap: []string{}, Tracker: &TrackerConfig{HTTP: "127.0.0.1:0", UDP: "127.0.0.1:0"}})
	state := e.Snapshot().Tracker
	if state == nil || !state.HTTP.IsValid() || len(state.UDP) != 1 {
		t.Fatalf("%+v", state)
	}
	hash := ID{1, 2, 3}
	r, err := http.Get(fmt.Sprintf("http://%s/announce?info_hash=%%01%%02%%03%s&peer_id=%s&port=7&left=0", state.HTTP,
		strings.Repeat("%00", 17), strings.Repeat("x", 20)))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if body, err := io.ReadAll(r.Body); err != nil || !strings.Contains(string(body), "8:completei1e") {
		t.Fatalf("%q, %v", body, err)
	}
	if c := e.TrackerCounts(hash); c.Seeds != 1 || c.Leechers != 0 {
		t.Errorf("%+v", c)
	}
	s := eventually(t, e, "announce", func(s *Snapshot) bool { return s.Tracker.AnnouncesHTTP == 1 })
	if s.Tracker.Swarms != 1 || s.Tracker.Peers != 1 || s.Peers != 0 {
		t.Errorf("%+v, and %d peers of the DHT", s.Tracker, s.Peers)
	}
}

package node_test

import (
	"testing"
	"time"

	"dhtop/dhtcore/node"
)

func TestReadOnlySendersAreAnsweredAndNeverPinged(t *testing.T) { // BEP 43
	onAir(t, node.Config{}, func(r *rig) {
		m := r.ask("d1:ad2:id20:abcdefghij0123456789e1:q4:ping2:roi1e1:t2:aa1:y1:qe")
		if m.Y != "r" {
			t.Errorf("answer %+v", m)
		}
		time.Sleep(3 * time.Second)
		if p := r.receive(); p != "" {
			t.Errorf("pinged with %q", p)
		}
	})
}

func TestAReadOnlyNodeStaysSilentAndStillCounts(t *testing.T) { // BEP 43
	onAir(t, node.Config{ReadOnly: true}, func(r *rig) {
		r.send(query("get_peers", infoHash(someHash)))
		r.send(query("vote", ""))
		if p := r.receive(); p != "" {
			t.Errorf("answered %q", p)
		}
		if len(r.events) != 1 || r.events[0].Kind != node.Requested {
			t.Errorf("events %+v", r.events)
		}
		if s := r.node.Stats(); s.Ignored != 2 {
			t.Errorf("%d queries counted as ignored", s.Ignored)
		}
	})
}

func TestSampleInfohashesTellsTheStoredHashesAndTheInterval(t *testing.T) { // BEP 51
	onAir(t, node.Config{SampleInterval: time.Hour}, func(r *rig) {
		r.meet(20)
		empty := r.ask(query("sample_infohashes", target(someHash))).R
		if empty.Samples == nil || len(*empty.Samples) != 0 || *empty.Num != 0 {
			t.Errorf("samples must be there even if empty: %+v", empty.Bep51Return)
		}
		token := *r.ask(query("get_peers", infoHash(someHash))).R.Token
		r.ask(query("announce_peer", infoHash(someHash)+"4:porti51413e5:token"+bstr(token)))
		full := r.ask(query("sample_infohashes", target(someHash))).R
		if len(*full.Samples) != 1 || (*full.Samples)[0] != someHash || *full.Num != 1 || *full.Interval != 3600 {
			t.Errorf("%+v", full.Bep51Return)
		}
		if len(full.Nodes) != 8 {
			t.Errorf("%d nodes", len(full.Nodes))
		}
	})
}

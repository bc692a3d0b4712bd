package node_test

import (
	"testing"
	"time"

	"dhtop/dhtcore/node"
)

func TestSampleInfohashesTellsTheStoredHashesAndTheInterval(t *testing.T) {
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

package node_test

import (
	"context"
	"slices"
	"sync"
	"testing"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/wire"
)

// Each packet once, a query of ours before its answer, and what cannot be read as well.
func TestTheTapIsShownEveryPacketOnce(t *testing.T) {
	var (
		mu   sync.Mutex
		seen []string
	)
	tap := func(way wire.Direction, p node.Packet) {
		var m wire.Message
		kind := "junk"
		if wire.Scan(p.Buf, &m) == nil {
			kind = string("-qre"[m.Kind])
		}
		mu.Lock()
		defer mu.Unlock()
		if p.Addr != foreignAddr {
			t.Errorf("%s: the other side is %s", kind, p.Addr)
		}
		seen = append(seen, way.String()+" "+kind)
	}
	onAir(t, node.Config{Tap: tap}, func(r *rig) {
		r.send(query("ping", ""))
		r.receive()
		r.send("junk")
		tid, done := r.asking(context.Background())
		r.send(reply(tid))
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		mu.Lock()
		defer mu.Unlock()
		if want := []string{"in q", "out r", "in junk", "out q", "in r"}; !slices.Equal(seen, want) {
			t.Errorf("saw %q, want %q", seen, want)
		}
	})
}

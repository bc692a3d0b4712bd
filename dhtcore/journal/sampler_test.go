package journal

import (
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/wire"
)

// A second at 2,000 packets/s: about 200 are kept, and a query is kept with its reply or not at all.
func TestAboveTheRateASampleIsKeptInPairs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, w := watching(t, "")
		var kept []Packet
		for i := range 5000 {
			p.Add(wire.Out, 0, there, query(i))
			time.Sleep(500 * time.Microsecond)
			p.Add(wire.In, 0, there, reply(i))
			time.Sleep(500 * time.Microsecond)
			if i%500 == 499 {
				kept = w.After(kept, uint64(len(kept)))
			}
		}
		flow := w.Flow()
		if flow.Seen != 10000 || flow.Passed != 10000 || flow.Rate < 1900 || flow.Rate > 2100 || flow.Kept < 150 || flow.Kept > 250 {
			t.Errorf("%+v", flow)
		}
		queries, replies := map[string]bool{}, 0
		for _, k := range kept {
			var m wire.Message
			if err := wire.Scan(k.Payload, &m); err != nil {
				t.Fatal(err)
			}
			switch {
			case k.Kind == wire.KindQuery:
				queries[string(m.TID)] = true
			case !queries[string(m.TID)]:
				t.Fatalf("a reply without its query: %q", k.Payload)
			default:
				replies++
			}
		}
		if len(kept) < 700 || len(kept) > 1300 || len(queries)-replies > 5*windows {
			t.Errorf("%d kept, of them %d queries and %d replies", len(kept), len(queries), replies)
		}
	})
}

func TestUpToTheRateEverythingIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, w := watching(t, "")
		for i := range 900 {
			p.Add(wire.In, 0, there, query(i))
			time.Sleep(time.Second / 150)
		}
		if got := w.After(nil, 0); len(got) != 900 {
			t.Errorf("%d of 900 packets are kept: %+v", len(got), w.Flow())
		}
	})
}

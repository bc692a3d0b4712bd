package dhtcore

import (
	"crypto/ed25519"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/wire"
)

func TestHoldersTellWhoHasWhichVersionOfAnItem(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := startAway(t, 40, func(*away) {})
		a.until(t, "network", time.Minute, isOnline)
		ctx := t.Context()
		key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
		public, salt := []byte(key.Public().(ed25519.PublicKey)), []byte("s")
		version := func(seq int64) *Item {
			it := &Item{Value: []byte("1:x"), Salt: salt, Seq: seq}
			it.Sign(key)
			return it
		}
		if h := a.Holders(ctx, public, salt); h.Item != nil || len(h.Nodes) < 8 || slices.ContainsFunc(h.Nodes, func(n Holder) bool { return n.Has }) {
			t.Errorf("before anything was stored: %+v", h)
		}
		if _, err := a.Put(ctx, version(1), nil); err != nil {
			t.Fatal(err)
		}
		time.Sleep(tokenLife)
		near := a.Holders(ctx, public, salt)
		if newest, older, closest := near.Count(); newest < 8 || older != 0 || closest < 8 || near.Item.Seq != 1 {
			t.Errorf("%d of %d have it, %d an older one", newest, closest, older)
		}
		us := a.vantages.list[0]
		for _, n := range near.Nodes[:3] { // a newer version that most do not have
			to := wire.Contact{ID: n.ID, Addr: n.Addr}
			r, err := us.Query(ctx, to, wire.Query{Method: wire.Get, Target: near.Target})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := us.Query(ctx, to, wire.Query{Method: wire.Put, Target: near.Target, Token: r.Token, Item: version(7)}); err != nil {
				t.Fatal(err)
			}
		}
		h := a.Holders(ctx, public, salt)
		newest, older, closest := h.Count()
		if newest != 3 || older != closest-3 || h.Item.Seq != 7 || h.Nodes[0].Seq != 7 || h.Nodes[3].Seq != 1 {
			t.Errorf("%d of %d have it, %d an older one: %+v", newest, closest, older, h.Nodes)
		}
		for i := range h.Nodes {
			if n := &h.Nodes[i]; n.RTT <= 0 || n.At.After(h.At) || h.At.Sub(n.At) > time.Minute {
				t.Errorf("%+v at %s", n, h.At)
			}
		}
	})
}

package lookup_test

import (
	"context"
	"errors"
	"net/netip"
	"sync"
	"testing"
	"time"

	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/wire"
)

// announces is a Querier that keeps the announces it is given. Nodes with an odd ID give no token; the one
// with ID 4 refuses.
type announces struct {
	mu   sync.Mutex
	sent []wire.Query
	to   []wire.Contact
}

func (*announces) Admit(context.Context, netip.AddrPort) error { return nil }

func (a *announces) Ask(_ context.Context, to wire.Contact, q wire.Query) (wire.Reply, error) {
	r := wire.Reply{From: to, RTT: time.Millisecond}
	if q.Method != wire.AnnouncePeer {
		if to.ID[0]%2 == 0 {
			r.Token = []byte{'t', to.ID[0]}
		}
		return r, nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.sent, a.to = append(a.sent, q), append(a.to, to)
	if to.ID[0] == 4 {
		return wire.Reply{}, &wire.Error{Code: wire.CodeProtocol}
	}
	return r, nil
}

func TestAnAnnounceGoesToTheClosestNodesThatGaveAToken(t *testing.T) {
	q := new(announces)
	var seeds []wire.Contact
	for i := range byte(8) {
		seeds = append(seeds, contact(i+1, i+1))
	}
	l := lookup.New(lookup.Config{Method: wire.GetPeers, Querier: q, Seeds: seeds, K: 3})
	l.Run(context.Background())
	l.Announce(context.Background(), 6881, true)
	stored := l.State().Stored
	if len(stored) != len(q.sent) || len(stored) == 0 || len(stored) > 3 {
		t.Fatalf("%d receipts of %d announces", len(stored), len(q.sent))
	}
	for i, sent := range q.sent {
		if to := q.to[i]; string(sent.Token) != string([]byte{'t', to.ID[0]}) || sent.Port != 6881 || sent.ImpliedPort || !sent.Seed {
			t.Errorf("announce to %d: %+v", to.ID[0], sent)
		}
	}
	for i, r := range stored {
		var refused *wire.Error
		if refuses := r.ID[0] == 4; refuses != errors.As(r.Err, &refused) || r.ID[0]%2 != 0 {
			t.Errorf("receipt %d: %+v", i, r)
		}
	}
	q.sent, q.to = nil, nil
	l.Announce(context.Background(), 0, false)
	if len(q.sent) == 0 || !q.sent[0].ImpliedPort || q.sent[0].Seed {
		t.Errorf("an announce without a port: %+v", q.sent)
	}
}

package dhtcore

import (
	"bytes"
	"context"
	"errors"
	"net/netip"
	"slices"
	"time"

	"dhtop/dhtcore/printable"
	"dhtop/dhtcore/republish"
	"dhtop/dhtcore/wire"
)

// keptPeer is a peer that is announced.
type keptPeer struct {
	port uint16 // 0 for that of the socket
	seed bool
}

// keptItem is an item that is put.
type keptItem struct {
	salt []byte
	sign func(*Item) // of an item without a signature
	ours bool        // a newer version is not ours
}

// The reasons why a renewal fails.
var (
	errNotStored = errors.New("no node stored it")
	errNotFound  = errors.New("no node has it")
)

// visit gives an entry its turn. It implements republish.Config.Visit.
func (p *Republisher) visit(running context.Context, t republish.Turn) republish.Outcome {
	ctx, cancel := context.WithTimeout(running, lookupTimeout)
	defer cancel()
	p.mu.Lock()
	e := p.entries[t.Entry]
	now := e.kept
	p.mu.Unlock()
	begun := time.Now()
	r := Renewal{Entry: t.Entry, Late: t.Late, KeptEntry: now}
	var outcome republish.Outcome
	var err error
	if e.announce != nil {
		outcome, err = p.renewPeer(ctx, e.announce, t.Action, &r)
	} else {
		outcome, err = p.renewItem(ctx, e.item, t.Action, &r)
	}
	if running.Err() != nil && outcome == republish.Missed {
		return outcome // it was cut short, and says nothing
	}
	r.conclude(t.Action, outcome, err)
	p.mu.Lock()
	p.sums.States[e.kept.State]--
	p.sums.States[r.State]++
	p.sums.count(&r)
	p.sums.busy += time.Since(begun)
	e.kept = r.KeptEntry
	p.mu.Unlock()
	if p.cfg.Renewed != nil {
		p.cfg.Renewed(&r)
	}
	return outcome
}

// conclude takes in what came of a turn.
func (r *Renewal) conclude(did republish.Action, o republish.Outcome, err error) {
	r.At, r.Err = time.Now(), ""
	r.Packets = r.Lookup.Queries + len(r.Lookup.Stored)
	r.Looked = did == republish.Look
	if err != nil {
		r.Err = printable.String(err.Error())
	}
	switch {
	case r.Looked && r.State != KeptSuperseded:
		return
	case o == republish.Kept:
		r.State, r.Renewed, r.Failures = KeptAlive, r.At, 0
		r.Renewals++
	case o == republish.Missed:
		r.State = KeptFailing
		r.Failures++
	}
}

// count adds a turn.
func (t *RepublishTotals) count(r *Renewal) {
	t.Packets += uint64(r.Packets)
	t.Asked += uint64(r.Lookup.Asked)
	switch {
	case r.Looked:
		t.Looks++
	case r.State == KeptAlive:
		t.Renewals++
	default:
		t.Failures++
	}
}

// saw notes who has it, unless it was never stored or the lookup has said nothing.
func (r *Renewal) saw(h Held) {
	if h.Closest > 0 && r.Renewals > 0 {
		r.Holding, r.Seen = h, time.Now()
	}
}

// store notes the receipts, and returns an error where nobody stored it.
func (r *Renewal) store(l *lookupRun) error {
	r.Lookup = l.renew()
	r.Stored, r.Refused = 0, 0
	for i := range r.Lookup.Stored {
		if r.Lookup.Stored[i].Err == nil {
			r.Stored++
		} else {
			r.Refused++
		}
	}
	if r.Stored > 0 {
		return nil
	}
	return errNotStored
}

// looked returns what to do after a look.
func (r *Renewal) looked() republish.Outcome {
	if r.Holding.fading() {
		return republish.Fading
	}
	return republish.Kept
}

// renewPeer announces a peer, or looks who has it.
func (p *Republisher) renewPeer(ctx context.Context, peer *keptPeer, do republish.Action, r *Renewal) (republish.Outcome, error) {
	var run *lookupRun
	state := p.lookups.persist(ctx, func() (state LookupState) {
		cfg := p.lookups.getPeers(r.Target)
		cfg.Brief = true
		run, state = p.lookups.runOrJoin(ctx, cfg)
		return state
	})
	r.Lookup = state
	r.saw(heldPeers(&state, p.vantages.peers(peer.port)))
	if do == republish.Look {
		return r.looked(), nil
	}
	run.Announce(ctx, peer.port, peer.seed)
	if err := r.store(run); err != nil {
		return republish.Missed, err
	}
	return republish.Kept, nil
}

// manyPeers is how many peers a node gives at most that may have more: who gives that many and leaves ours out may have it.
const manyPeers = 20

// heldPeers returns how many of the closest nodes gave a peer, which has an address in each family that we have.
func heldPeers(l *LookupState, ours []netip.AddrPort) Held {
	var givers []netip.AddrPort
	for i := range l.Peers {
		if slices.Contains(ours, l.Peers[i].Addr) {
			givers = append(givers, l.Peers[i].From...)
		}
	}
	h := Held{Closest: len(l.Closest)}
	for i := range l.Closest {
		step := &l.Closest[i]
		known := slices.ContainsFunc(ours, func(a netip.AddrPort) bool { return wire.FamilyOf(a.Addr()) == wire.FamilyOf(step.Addr.Addr()) })
		switch {
		case slices.Contains(givers, step.Addr):
			h.Checked++
			h.Nodes++
		case known && step.Peers < manyPeers:
			h.Checked++
		}
	}
	return h
}

// peers returns under which addresses nodes know a peer of ours that listens on port; 0 is for the port of the socket.
func (vs *vantages) peers(port uint16) (addrs []netip.AddrPort) {
	for _, v := range vs.list {
		addr := v.External()
		if !addr.IsValid() {
			addr = v.Addr()
		}
		if addr.Addr().IsUnspecified() {
			continue
		}
		if port != 0 {
			addr = netip.AddrPortFrom(addr.Addr(), port)
		}
		addrs = append(addrs, addr)
	}
	return addrs
}

// renewItem puts an item, or looks who has it.
func (p *Republisher) renewItem(ctx context.Context, it *keptItem, do republish.Action, r *Renewal) (republish.Outcome, error) {
	var run *lookupRun
	state := p.lookups.persist(ctx, func() (state LookupState) {
		cfg := p.lookups.everywhere(wire.Get, r.Target)
		cfg.Salt, cfg.Whole = it.salt, true
		run, state = p.lookups.runOrJoin(ctx, cfg)
		return state
	})
	r.Lookup = state
	if !run.isDone() {
		return republish.Missed, ctx.Err()
	}
	if !it.ours && state.Item != nil && (r.Item == nil || state.Item.Seq > r.Item.Seq) {
		r.Changed = r.Item != nil
		found := state.Item.Clone()
		r.Item = &found
	}
	if r.Item == nil {
		return republish.Missed, errNotFound
	}
	r.saw(heldItem(&state, r.Item))
	if do == republish.Look {
		if err := supersededBy(state.Item, r.Item); err != nil {
			r.State = KeptSuperseded
			return republish.Ended, err
		}
		return r.looked(), nil
	}
	next := *r.Item // the one that is shown does not change
	if it.sign != nil && next.Sig == nil {
		if !next.HasSeq && state.Item != nil {
			next.Seq = state.Item.Seq + 1
		}
		next.HasSeq = true
		it.sign(&next)
	}
	err := run.Put(ctx, &next)
	stored := r.store(run)
	switch {
	case errors.Is(err, ErrNewer) && holds(state.Item, &next): // some clients refuse the version that they have
		return republish.Kept, nil
	case it.ours && (errors.Is(err, ErrNewer) || errors.Is(err, ErrConflict)):
		r.State = KeptSuperseded
		return republish.Ended, err
	case err != nil && stored != nil:
		return republish.Missed, err
	case stored != nil:
		return republish.Missed, stored
	}
	next.HasCAS = false // it holds for the first time: our own version is there now
	r.Item = &next
	return republish.Kept, nil
}

// supersededBy returns an error if an item that was found must not be overwritten with ours.
func supersededBy(found, ours *Item) error {
	if found == nil || !ours.Mutable() || found.Seq < ours.Seq || holds(found, ours) {
		return nil
	}
	return ErrNewer
}

// holds reports whether an item that was found is this version of ours.
func holds(found, ours *Item) bool {
	return found != nil && found.Seq == ours.Seq && bytes.Equal(found.Value, ours.Value)
}

// heldItem returns how many of the closest nodes have this version of an item.
func heldItem(l *LookupState, it *Item) Held {
	h := Held{Closest: len(l.Closest), Checked: len(l.Closest)}
	found := NewHolding(l)
	for i := range found.Nodes {
		if n := &found.Nodes[i]; n.Closest && n.Has && n.Seq == it.Seq {
			h.Nodes++
		}
	}
	return h
}

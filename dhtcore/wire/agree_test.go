package wire

import (
	"net/netip"
	"slices"
	"testing"

	"github.com/anacrolix/dht/v2/krpc"
)

// agree checks that m, found by Scan without a complaint, and k, found by anacrolix's decoder in the
// same packet, are the same query or reply. Where they may differ:
//
//   - krpc does not tell an absent ID from one of zeros;
//   - krpc takes "-0" for true, Scan takes it for the number that it is;
//   - krpc takes values of any length for addresses, and lists of integers for strings.
func agree(t *testing.T, packet []byte, m *Message, k krpc.Msg) {
	t.Helper()
	differs := func(what string, ours, theirs any) {
		t.Helper()
		t.Errorf("%q: %s is %v, and %v to krpc", packet, what, ours, theirs)
	}
	same := func(what string, ours []byte, theirs string) {
		t.Helper()
		if string(ours) != theirs {
			differs(what, ours, theirs)
		}
	}
	same("t", m.TID, k.T)
	same("q", m.Name, k.Q)
	same("v", m.Version, k.ClientId)
	if m.Kind != kindOf([]byte(k.Y)) {
		differs("y", m.Kind, k.Y)
	}
	if m.ReadOnly != k.ReadOnly {
		differs("ro", m.ReadOnly, k.ReadOnly)
	}
	switch m.Kind {
	case KindQuery:
		if m.Body != (k.A != nil) {
			differs("a", m.Body, k.A)
		} else if m.Body {
			agreeOnArguments(m, k.A, same, differs)
		}
	case KindReply:
		if m.Body != (k.R != nil) {
			differs("r", m.Body, k.R)
		} else if m.Body {
			agreeOnValues(m, k.R, same, differs)
		}
	}
}

func agreeOnArguments(m *Message, a *krpc.MsgArgs, same func(string, []byte, string), differs func(string, any, any)) {
	if m.ID != ID(a.ID) {
		differs("id", m.ID, a.ID)
	}
	target := a.Target
	if m.Method == GetPeers || m.Method == AnnouncePeer || m.Method != FindNode && m.Method != SampleInfohashes && m.Method != Get && a.Target.IsZero() {
		target = a.InfoHash
	}
	if m.Target != ID(target) && (!m.HasTarget || !m.Target.Zero()) {
		differs("target", m.Target, target)
	}
	same("token", m.Token, a.Token)
	if m.HasPort != (a.Port != nil) || m.HasPort && m.Port != int64(*a.Port) {
		differs("port", m.Port, a.Port)
	}
	if m.ImpliedPort != a.ImpliedPort {
		differs("implied_port", m.ImpliedPort, a.ImpliedPort)
	}
	if m.NoSeed != (a.NoSeed != 0) {
		differs("noseed", m.NoSeed, a.NoSeed)
	}
	if m.Scrape != (a.Scrape != 0) {
		differs("scrape", m.Scrape, a.Scrape)
	}
	if m.Want&WantNodes != 0 != slices.Contains(a.Want, krpc.WantNodes) || m.Want&WantNodes6 != 0 != slices.Contains(a.Want, krpc.WantNodes6) {
		differs("want", m.Want, a.Want)
	}
	if it := m.ScanItem(); m.Invalid == "" && m.LeftOut() == 0 {
		agreeOnItem(&it, a.K, a.Sig, a.Seq, differs)
		same("salt", it.Salt, string(a.Salt))
		if it.CAS != a.Cas {
			differs("cas", it.CAS, a.Cas)
		}
	}
}

func agreeOnValues(m *Message, r *krpc.Return, same func(string, []byte, string), differs func(string, any, any)) {
	if m.ID != ID(r.ID) {
		differs("id", m.ID, r.ID)
	}
	token := ""
	if r.Token != nil {
		token = *r.Token
	}
	same("token", m.Token, token)
	ours := m.Reply(netip.AddrPort{}, 0)
	var nodes []Contact
	for _, list := range [][]krpc.NodeInfo{r.Nodes, r.Nodes6} {
		for _, n := range list {
			nodes = append(nodes, Contact{ID(n.ID), addrPort(n.Addr)})
		}
	}
	if !slices.Equal(ours.Nodes, nodes) {
		differs("nodes", ours.Nodes, nodes)
	}
	var peers []netip.AddrPort
	for _, v := range r.Values {
		if p := addrPort(v); (len(v.IP) == 4 || len(v.IP) == 16) && p.Port() != 0 {
			peers = append(peers, p)
		}
	}
	if onlyStrings(m.Values) && !slices.Equal(ours.Peers, peers) {
		differs("values", ours.Peers, peers)
	}
	if m.HasSamples != (r.Samples != nil) {
		differs("samples", m.HasSamples, r.Samples)
	} else if m.HasSamples && !slices.EqualFunc(ours.Samples, *r.Samples, func(a ID, b [20]byte) bool { return a == b }) {
		differs("samples", ours.Samples, *r.Samples)
	}
	if r.Num != nil && m.Num != *r.Num {
		differs("num", m.Num, *r.Num)
	}
	if r.Interval != nil && m.Interval != *r.Interval {
		differs("interval", m.Interval, *r.Interval)
	}
	if it := m.ScanItem(); m.Invalid == "" && m.LeftOut() == 0 {
		agreeOnItem(&it, r.K, r.Sig, r.Seq, differs)
		same("v", it.Value, string(r.V))
	}
	agreeOnFilter(ours.SeedFilter, r.BFsd, differs)
	agreeOnFilter(ours.PeerFilter, r.BFpe, differs)
}

// agreeOnItem passes over a key and a signature that are not there: krpc has zeros for them.
func agreeOnItem(it *Item, k [32]byte, sig [64]byte, seq *int64, differs func(string, any, any)) {
	if it.Key != nil && [32]byte(it.Key) != k {
		differs("k", it.Key, k)
	}
	if it.Sig != nil && [64]byte(it.Sig) != sig {
		differs("sig", it.Sig, sig)
	}
	if it.HasSeq != (seq != nil) || it.HasSeq && it.Seq != *seq {
		differs("seq", it.Seq, seq)
	}
}

// agreeOnFilter passes over a filter of the wrong length, which Scan leaves out and krpc cuts off.
func agreeOnFilter(ours *[FilterLen]byte, theirs *krpc.ScrapeBloomFilter, differs func(string, any, any)) {
	if ours != nil && (theirs == nil || *ours != [FilterLen]byte(*theirs)) {
		differs("filter", ours, theirs)
	}
}

func addrPort(a krpc.NodeAddr) netip.AddrPort {
	ip, _ := netip.AddrFromSlice(a.IP)
	return netip.AddrPortFrom(ip.Unmap(), uint16(a.Port))
}

func onlyStrings(list []byte) bool {
	s := scanner{b: list}
	for s.i < len(s.b) {
		if _, ok := s.str(); !ok {
			return false
		}
	}
	return true
}

package doctor

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"dhtop/dhtcore/human"
	"dhtop/dhtcore/node"
	"dhtop/dhtcore/snapshot"
	"dhtop/dhtcore/wire"
)

// littleRoom is how many bytes are left on a disk that is soon full.
const littleRoom = 100 << 20

// diagnoseHosts judges the bootstrap hosts by what they made of the last query, of joining.
func diagnoseHosts(s *snapshot.Snapshot) Finding {
	f := Finding{Name: "hosts"}
	var families, troubles []string
	replied, unresolved, asked := 0, 0, 0
	for _, family := range []wire.Family{wire.IPv4, wire.IPv6} {
		of, ok := 0, 0
		slowest := time.Duration(0)
		for i := range s.Checkup.Hosts {
			c := &s.Checkup.Hosts[i]
			if c.Family != family || c.WrongFamily() {
				continue
			}
			of++
			switch {
			case c.OK():
				ok++
				slowest = max(slowest, c.RTT)
			case c.DNS:
				unresolved++
				fallthrough
			default:
				if trouble := c.Host + " " + c.Err; !slices.Contains(troubles, trouble) {
					troubles = append(troubles, trouble)
				}
			}
		}
		if of > 0 {
			text := fmt.Sprintf("%s: %d of %d reply", family, ok, of)
			if slowest > 0 {
				text += " within " + human.Millis(slowest) + " ms"
			}
			families = append(families, text)
		}
		replied, asked = replied+ok, asked+of
	}
	f.Text = strings.Join(append(families, human.Some(troubles, mostTroubles)...), "; ")
	switch {
	case asked == 0 && s.Outage.Kind == snapshot.NoHosts:
		f.Verdict, f.Text, f.Remedy = Waiting, "there are no bootstrap hosts: others must find this node", "pass --bootstrap HOST:PORT"
	case asked == 0 && s.Traffic.RepliesIn > 0:
		f.Text = "no bootstrap host was asked: nodes known from before let this one in"
	case asked == 0:
		f.Verdict, f.Text = Waiting, "no bootstrap host has been asked yet"
	case replied < asked && s.Outage.Unsent():
		f.Verdict, f.Cause, f.Remedy = Waiting, causeOf(&s.Outage), "see network"
	case replied > 0:
	case unresolved == asked && s.Traffic.RepliesIn > 0:
		f.Verdict, f.Cause, f.Remedy = Waiting, CauseDNS, "nodes known from before let this one in; check DNS, or pass --bootstrap IP:PORT, for when they are gone"
	case s.Traffic.RepliesIn > 0:
		f.Verdict, f.Remedy = Waiting, "other nodes let this one in; pass another --bootstrap if it does not stay so"
	case unresolved == asked:
		f.Verdict, f.Cause, f.Remedy = Fail, CauseDNS, "check the network and DNS, or pass --bootstrap IP:PORT"
	default:
		f.Verdict, f.Remedy = Fail, "see network, or pass another --bootstrap HOST:PORT"
	}
	return f
}

// mostTroubles is how many hosts of no use are named; Checkup.Hosts has all.
const mostTroubles = 2

// diagnoseAddress judges by the votes of those who replied, of each address family the first identity's.
func diagnoseAddress(s *snapshot.Snapshot) Finding {
	f := Finding{Name: "address"}
	var texts []string
	for i := range s.Nodes {
		n := &s.Nodes[i]
		if slices.ContainsFunc(s.Nodes[:i], func(o snapshot.Vantage) bool { return o.Family == n.Family }) {
			continue
		}
		text, verdict, remedy := addressOf(n)
		if verdict > f.Verdict || f.Remedy == "" {
			f.Verdict, f.Remedy = max(verdict, f.Verdict), remedy
			if f.Cause = ""; verdict == Fail {
				f.Cause = CauseSymmetric
			}
		}
		if text != "" {
			texts = append(texts, text)
		}
	}
	f.Text = strings.Join(texts, "; ")
	switch {
	case s.Demo:
		f.Verdict, f.Cause, f.Text, f.Remedy = OK, "", "this node is on loopback, as all of the demo", ""
	case f.Text == "" && s.At.Sub(s.Started) < joinPatience:
		f.Verdict, f.Text = Waiting, "nobody has said yet under which address they see this node"
	case f.Text == "":
		f.Text = "nobody says under which address they see this node; on a private network that is normal"
	}
	return f
}

// addressOf judges the votes about one identity.
func addressOf(n *snapshot.Vantage) (text string, verdict Verdict, remedy string) {
	total, sameIP, ports := 0, 0, 0
	for _, t := range n.Tallies {
		total += t.Votes
		if t.Addr.Addr() == n.Tallies[0].Addr.Addr() {
			sameIP += t.Votes
			ports++
		}
	}
	switch {
	case total == 0 && n.External.IsValid():
		return fmt.Sprintf("%s, as configured", n.External), OK, ""
	case total == 0:
		return "", OK, ""
	case total < node.VotesLeast:
		return fmt.Sprintf("%s by %s; %d must agree", n.Tallies[0].Addr, human.Amount(total, "vote", "votes"), node.VotesLeast), Waiting, ""
	case 3*sameIP <= 2*total:
		return fmt.Sprintf("others disagree: %s has %d of %d votes", n.Tallies[0].Addr.Addr(), sameIP, total), Waiting,
			"the provider may share addresses among customers (CGNAT): pass --public-ip if one of them is yours"
	case ports > sameIP/2 && sameIP >= node.VotesLeast:
		return fmt.Sprintf("%s, on another port for each node that is asked", n.Tallies[0].Addr.Addr()), Fail,
			"the router's NAT is symmetric, so nobody can reach this node: forward the port"
	}
	return fmt.Sprintf("%s by %d of %d votes", n.Tallies[0].Addr, n.Tallies[0].Votes, total), OK, ""
}

// diagnoseDisk judges the room for what is kept.
func diagnoseDisk(s *snapshot.Snapshot) Finding {
	f := Finding{Name: "disk", Text: "nothing is kept on disk"}
	var texts []string
	for _, d := range s.Checkup.Disks {
		switch wants := s.Bounds.Keep.Bytes - s.Bounds.StoreBytes; {
		case d.Err != "":
			texts = append(texts, d.Path+": the room is not known ("+d.Err+")")
			continue
		case d.Free < littleRoom:
			f.Verdict, f.Remedy = Fail, "make room, or pass --data DIR on another disk"
		case s.Bounds.Stored && wants > 0 && d.Free < uint64(wants):
			f.Verdict, f.Remedy = max(f.Verdict, Waiting), "the store may grow by "+human.Bytes(wants)+": make room, or pass a smaller --keep"
		}
		texts = append(texts, fmt.Sprintf("%s: %s of %s free", d.Path, human.Bytes(int64(d.Free)), human.Bytes(int64(d.Total))))
	}
	if len(texts) > 0 {
		f.Text = strings.Join(texts, "; ")
	}
	return f
}

// diagnoseSandbox says whether other files are out of reach. That they are not is no failure: other things confine programs
// too, and old kernels do not.
func diagnoseSandbox(s *snapshot.Snapshot) Finding {
	f := Finding{Name: "sandbox", Text: "files other than its own are out of reach (" + s.Checkup.Sandbox.Why + ")"}
	if !s.Checkup.Sandbox.On {
		f.Text = "off, so that all your files are within reach: " + s.Checkup.Sandbox.Why
	}
	return f
}

// diagnoseRecording says whether what is seen is recorded.
func diagnoseRecording(r *snapshot.Recording) Finding {
	if r.Ended != "" {
		return Finding{Name: "recording", Verdict: Fail, Text: "the recording to " + r.Path + " has ended: " + r.Ended,
			Remedy: "mend that, or pass --record with another file or directory"}
	}
	text := human.Bytes(r.Bytes) + " in " + r.Path
	if r.Masked {
		text += ", masked"
	}
	if r.Packets {
		text += ", with packets"
	}
	return Finding{Name: "recording", Verdict: OK, Text: text}
}

// diagnoseGuest says what a diagnosis beside another dhtop is about.
func diagnoseGuest(s *snapshot.Snapshot) Finding {
	return Finding{Name: "guest", Verdict: OK,
		Text:   "another dhtop uses " + s.Checkup.DataDir + ": this one ran beside it, with a port and an ID of its own",
		Remedy: "D in the running explorer, or /healthz of serve, say how that one is"}
}

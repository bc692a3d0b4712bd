// Package doctor says from a Snapshot why it is quiet here and what to do about it: one Finding a subject, and the weather of a
// node in one word. It is pure: what is asked or measured for it is asked by dhtcore, and lies in Snapshot.Checkup.
//
// A check is a function that makes its Finding, a call of it in Diagnose, and a name among Checks; a reason that programs should
// tell from others is a Cause.
package doctor

import (
	"strconv"
	"time"

	"dhtop/dhtcore/human"
	"dhtop/dhtcore/snapshot"
)

// Verdict is what a Finding says of its subject. A higher one is worse.
type Verdict uint8

// The verdicts.
const (
	OK      Verdict = iota
	Waiting         // not well yet, but that is normal for now
	Fail
)

var verdicts = [...]string{"ok", "waiting", "fail"}

// String returns the word that commands and the HTTP API use.
func (v Verdict) String() string { return verdicts[v%Verdict(len(verdicts))] }

// Finding is one subject of a diagnosis.
type Finding struct {
	Name    string // of the subject: Checks has all, which are added to and never renamed
	Verdict Verdict
	Cause   Cause  // of a verdict that is not OK; "" for none with a word
	Text    string // what is the case
	Remedy  string // what to do; "" where there is nothing to do
}

// When silence and loss begin to mean something.
const (
	joinPatience = 2 * time.Minute // a node has joined long before that
	enoughNodes  = 30              // good and questionable ones, with which lookups work well
	enoughAsked  = 50              // queries from which on the share of timeouts says something
	tooSilent    = 0.8             // of the queries: more than dead contacts explain
	tooLossy     = 0.001           // packets that the system dropped, of those that came
	nearlyAll    = 0.95            // of the governor's limit
	refusalLasts = 5 * time.Minute // from the last packet that the system refused to send
)

// Diagnose says why it is quiet here, or that all is well, from what a Snapshot shows. It sends nothing.
// There is one Finding a subject, always in the same order; the last one only for a guest.
func Diagnose(s *snapshot.Snapshot) []Finding {
	all := []Finding{diagnoseNetwork(s), diagnoseHosts(s), diagnoseTable(s), diagnosePort(s)}
	if v := overIPv6(s); v != nil {
		all = append(all, diagnoseIPv6(s, v))
	}
	all = append(all, diagnoseAddress(s), diagnoseRequests(s), diagnoseLoss(s), diagnoseBudget(s), diagnoseMemory(s), diagnoseStore(s),
		diagnoseDisk(s), diagnoseClock(s))
	if s.PortMap.On {
		all = append(all, diagnoseMapping(s))
	}
	if s.Checkup.Sandbox.Why != "" {
		all = append(all, diagnoseSandbox(s))
	}
	if s.Recording != nil {
		all = append(all, diagnoseRecording(s.Recording))
	}
	if s.Checkup.Guest {
		all = append(all, diagnoseGuest(s))
	}
	return all
}

func diagnoseNetwork(s *snapshot.Snapshot) Finding {
	asked, up := s.Traffic.QueriesOut, s.At.Sub(s.Started)
	f := Finding{Name: "network"}
	f.Text = "connected: " + human.Count(s.Traffic.RepliesIn) + " of " + human.Count(asked) + " queries answered"
	switch {
	case s.Outage.Offline() && s.Outage.Kind != snapshot.NoHosts:
		f.Verdict, f.Text, f.Remedy = Fail, "no network: "+s.Outage.Text, s.Outage.Remedy
		f.Cause = causeOf(&s.Outage)
	case s.Outage.Kind == snapshot.Filtered:
		f.Verdict, f.Text, f.Remedy = Fail, s.Outage.Text+"; about 50 % is normal", s.Outage.Remedy
		f.Cause = CauseFiltered
	case asked == 0 && s.Phase == snapshot.Joining:
		f.Verdict, f.Text = Waiting, "joining: looking for the bootstrap hosts"
	case asked == 0 && s.Traffic.PacketsIn == 0:
		f.Verdict, f.Text = Waiting, "no query sent yet: there are no bootstrap nodes"
		f.Remedy = "pass --bootstrap HOST:PORT, or omit it to use the default hosts"
	case s.Traffic.RepliesIn == 0 && up < joinPatience:
		f.Verdict, f.Text = Waiting, "joining: "+human.Count(asked)+" queries sent, no reply yet"
	case s.Traffic.RepliesIn == 0 || s.Phase == snapshot.Offline:
		f.Verdict, f.Text, f.Cause = Fail, "no node replies", CauseNoNetwork
		f.Remedy = "check that the network is up and lets UDP out: some offices, hotels and clouds block it"
	case s.Checkup.Nodes.Filtered():
		f.Verdict, f.Cause, f.Remedy = Fail, CauseFiltered, snapshot.DropsUDP
		f.Text = s.Checkup.Nodes.Sentence() + "; about half is normal"
	case s.Checkup.Nodes.Outdated():
		f.Text += "; the saved table is old: " + s.Checkup.Nodes.Sentence()
	case asked >= enoughAsked && float64(s.Traffic.TimedOut) > tooSilent*float64(asked):
		f.silent(s, up)
	}
	return f
}

// silent says why most queries get no reply. Right after the start an old table may be the reason, whose nodes are dead.
func (f *Finding) silent(s *snapshot.Snapshot, up time.Duration) {
	asked := float64(s.Traffic.QueriesOut)
	f.Verdict, f.Cause = Fail, CauseOverload
	f.Text = human.Percent(float64(s.Traffic.TimedOut)/asked) + " of the queries get no reply; about 50 % is normal"
	f.Remedy = "the connection or the router may be overloaded: lower --rate and --rate-new"
	if asked >= snapshot.FilterQueries && float64(s.Traffic.TimedOut) > (1-snapshot.FilteredBelow)*asked {
		o := snapshot.FilteredOutage(float64(s.Traffic.RepliesIn)/asked, s.At)
		f.Cause, f.Text, f.Remedy = CauseFiltered, o.Text+"; about 50 % is normal", o.Remedy
	}
	if up < snapshot.FilterAfter {
		f.Verdict = Waiting
		f.Text += ", but the nodes of an old table may be dead"
		f.Remedy = "let it run for two minutes (--for 2m); if it stays so, " + f.Remedy
	}
}

func diagnoseTable(s *snapshot.Snapshot) Finding {
	good, questionable := 0, 0
	for i := range s.Nodes {
		good, questionable = good+s.Nodes[i].Good, questionable+s.Nodes[i].Questionable
	}
	f := Finding{Name: "table"}
	f.Text = human.Amount(good, "good node", "good nodes") + ", " + human.Count(questionable) + " questionable"
	switch {
	case good+questionable == 0 && s.Phase == snapshot.Offline && s.Outage.Kind != snapshot.NoHosts:
		f.Verdict, f.Remedy = Fail, "lookups need nodes: see network"
	case good+questionable >= enoughNodes, s.Demo && good > 0:
	case s.At.Sub(s.Started) < joinPatience:
		f.Verdict, f.Remedy = Waiting, "it fills within two minutes"
	case good == 0:
		f.Verdict, f.Remedy = Fail, "lookups need nodes: see network"
	default:
		f.Verdict = Waiting
		f.Remedy = "with fewer than " + strconv.Itoa(enoughNodes) + " nodes lookups may miss peers; the table fills as the node runs"
	}
	return f
}

func diagnoseRequests(s *snapshot.Snapshot) Finding {
	f := Finding{Name: "requests"}
	f.Text = human.Count(s.Hashes.Requests) + " for " + human.Amount(s.Hashes.Seen, "known hash", "known hashes")
	switch {
	case s.Hashes.Requests > 0:
	case s.Hashes.Maintenance > 0:
		f.Text = "no demand yet; " + human.Amount(s.Hashes.Maintenance, "request", "requests") + " to keep routing tables"
	case s.At.Sub(s.Started) < FirstRequest:
		f.Verdict, f.Text = Waiting, "none yet; 1-5 a minute after ten minutes is normal"
	default:
		f.Verdict, f.Text, f.Remedy = Fail, "none in "+human.Age(s.At.Sub(s.Started)), "see port"
	}
	return f
}

func diagnoseLoss(s *snapshot.Snapshot) Finding {
	t := &s.Traffic
	f := Finding{Name: "loss", Text: human.Count(t.KernelDrops) + " of " + human.Count(t.PacketsIn) + " packets lost"}
	switch {
	case t.SendFailed > 0 && s.Outage.Unsent():
		f.Verdict, f.Text = Fail, "the system refused to send "+human.Amount(t.SendFailed, "packet", "packets")
		f.Remedy, f.Cause = "see network", causeOf(&s.Outage)
	case t.SendFailed*100 > t.PacketsOut && !s.Checkup.Refused.IsZero() && s.At.Sub(s.Checkup.Refused) < refusalLasts:
		f.Verdict, f.Text = Fail, "the system refused to send "+human.Amount(t.SendFailed, "packet", "packets")
		f.Remedy, f.Cause = "check the firewall of this machine, and that the network is up", CauseFirewall
	case float64(t.KernelDrops) > tooLossy*float64(t.PacketsIn):
		f.Verdict, f.Remedy = Fail, "raise the socket buffers: sysctl net.core.rmem_max=4194304"
	case t.PacketsIn == 0 && t.PacketsOut == 0:
		f.Verdict, f.Text = Waiting, "no packet sent or received yet"
	case len(t.Blocked) > 0:
		f.Verdict, f.Text = Waiting, human.Amount(len(t.Blocked), "flooding source is blocked", "flooding sources are blocked")
	}
	if t.LeftOut > 0 {
		f.Text += "; " + human.Amount(t.LeftOut, "odd field", "odd fields") + " of others' packets not used"
	}
	return f
}

func diagnoseBudget(s *snapshot.Snapshot) Finding {
	t := &s.Traffic
	f := Finding{Name: "budget", Text: "no limit is set"}
	if t.Limits.Packets > 0 {
		f.Text = human.Rate(t.Used.Packets) + " of " + human.Rate(t.Limits.Packets) + " packets/s used"
		if t.Used.Packets >= nearlyAll*t.Limits.Packets {
			f.Verdict, f.Remedy = Waiting, "the budget is exhausted: raise --rate or --rate-new if your router can take it"
		}
	}
	if t.Shortened > 0 {
		f.Text += "; " + human.Amount(t.Shortened, "reply", "replies") + " cut short: the asker's address may be forged"
	}
	if t.Unchecked > 0 {
		f.Text += "; " + human.Amount(t.Unchecked, "put", "puts") + " dropped: too many signatures to check"
	}
	return f
}

// diagnoseMemory and diagnoseStore say how full they are. To be full is well: what is coldest makes room.
func diagnoseMemory(s *snapshot.Snapshot) Finding {
	b := &s.Bounds
	f := Finding{Name: "memory", Text: human.Amount(b.Hashes, "hash", "hashes")}
	if b.MaxHashes > 0 {
		f.Text += " of at most " + human.Count(b.MaxHashes)
	} else {
		f.Text += ", without a limit: see --max-hashes"
	}
	return f
}

func diagnoseStore(s *snapshot.Snapshot) Finding {
	b := &s.Bounds
	f := Finding{Name: "store", Text: "no store: counts end with this run"}
	if !b.Stored {
		return f
	}
	f.Text = human.Bytes(b.StoreBytes)
	switch {
	case b.Keep.Bytes > 0:
		f.Text += " of at most " + human.Bytes(b.Keep.Bytes)
	case b.Keep.Age == 0:
		f.Text += ", without a limit: see --keep"
	}
	if b.Keep.Age > 0 {
		f.Text += ", kept for " + human.Age(b.Keep.Age)
	}
	if b.Deleted > 0 {
		f.Text += "; deleted " + human.Amount(b.Deleted, "cold hash", "cold hashes")
	}
	switch c := &s.Checkup; {
	case c.Trouble != "":
		f.Verdict, f.Text, f.Remedy = Fail, c.Trouble, "check the path, its owner and the room on the disk, or pass another --store"
	case !c.Saved.IsZero():
		f.Text += "; written " + human.Ago(s.At.Sub(c.Saved))
	default:
		f.Text += "; opened, nothing written yet"
	}
	return f
}

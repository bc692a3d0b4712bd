package dhtcore

import (
	"strconv"
	"time"

	"dhtop/dhtcore/human"
)

// Verdict is what a Finding says of its subject. A higher one is worse.
type Verdict uint8

// The verdicts.
const (
	VerdictOK      Verdict = iota
	VerdictWaiting         // not well yet, but that is normal for now
	VerdictFail
)

var verdicts = [...]string{"ok", "waiting", "fail"}

// String returns the word that commands and the HTTP API use.
func (v Verdict) String() string { return verdicts[v%Verdict(len(verdicts))] }

// Finding is one subject of a diagnosis.
type Finding struct {
	Name    string // of the subject, stable: network, table, port, requests, loss, budget
	Verdict Verdict
	Text    string // what is the case
	Remedy  string // what to do; "" where there is nothing to do
}

// FirstRequest is how long a reachable node may wait for its first request before that means something.
const FirstRequest = 20 * time.Minute

// When silence and loss begin to mean something.
const (
	joinPatience = 2 * time.Minute // a node has joined long before that
	enoughNodes  = 30              // good and questionable ones, with which lookups work well
	enoughAsked  = 50              // queries from which on the share of timeouts says something
	tooSilent    = 0.8             // of the queries: more than dead contacts explain
	tooLossy     = 0.001           // packets that the system dropped, of those that came
	nearlyAll    = 0.95            // of the governor's limit
)

// Diagnose says why it is quiet here, or that all is well, from what a Snapshot shows. It sends nothing.
// There is one Finding a subject, always in the same order.
func Diagnose(s *Snapshot) []Finding {
	return []Finding{diagnoseNetwork(s), diagnoseTable(s), diagnosePort(s), diagnoseRequests(s), diagnoseLoss(s), diagnoseBudget(s)}
}

func diagnoseNetwork(s *Snapshot) Finding {
	f := Finding{Name: "network", Text: "others answer this node: " + human.Count(s.Traffic.RepliesIn) + " of " + human.Count(s.Traffic.QueriesOut) + " questions"}
	asked, up := s.Traffic.QueriesOut, s.At.Sub(s.Started)
	switch {
	case asked == 0 && s.Traffic.PacketsIn == 0:
		f.Verdict, f.Text = VerdictWaiting, "nobody has been asked yet: there is nobody to join through"
		f.Remedy = "pass --bootstrap HOST:PORT, or leave it out for the usual hosts"
	case s.Traffic.RepliesIn == 0 && up < joinPatience:
		f.Verdict, f.Text = VerdictWaiting, "joining: "+human.Count(asked)+" questions, no answer yet"
	case s.Traffic.RepliesIn == 0 || s.Phase == Offline:
		f.Verdict, f.Text = VerdictFail, "nobody answers"
		f.Remedy = "look whether the network is up, and whether it lets UDP out: some offices and hotels do not"
	case asked >= enoughAsked && float64(s.Traffic.TimedOut) > tooSilent*float64(asked):
		f.Verdict, f.Text = VerdictFail, strconv.Itoa(int(100*s.Traffic.TimedOut/asked))+" % of the questions stay without an answer; about half is normal"
		f.Remedy = "the line or the router may be overloaded: try a lower --rate and --rate-new"
	}
	return f
}

func diagnoseTable(s *Snapshot) Finding {
	good, questionable := 0, 0
	for i := range s.Nodes {
		good, questionable = good+s.Nodes[i].Good, questionable+s.Nodes[i].Questionable
	}
	f := Finding{Name: "table", Text: strconv.Itoa(good) + " good nodes, " + strconv.Itoa(questionable) + " doubtful"}
	switch {
	case good+questionable >= enoughNodes, s.Demo && good > 0:
	case s.At.Sub(s.Started) < joinPatience:
		f.Verdict, f.Remedy = VerdictWaiting, "it fills within a minute or two"
	case good == 0:
		f.Verdict, f.Remedy = VerdictFail, "without nodes nothing can be looked up: see network"
	default:
		f.Verdict, f.Remedy = VerdictWaiting, "lookups may miss peers below "+strconv.Itoa(enoughNodes)+": it fills as others are met"
	}
	return f
}

// diagnosePort judges by unasked queries of others, as nothing else shows that a port is open.
func diagnosePort(s *Snapshot) Finding {
	port := strconv.Itoa(int(s.Port()))
	f := Finding{Name: "port", Text: "others reach UDP port " + port}
	mode := ModeServing
	if len(s.Nodes) > 0 {
		mode = s.Nodes[0].Mode
	}
	switch queried := queriesIn(s); {
	case mode == ModeReadOnly:
		f.Verdict, f.Text = VerdictWaiting, "read-only: others are not answered, so they stay away"
		f.Remedy = "leave out --read-only to be asked"
	case queried > 0 && mode == ModeProving:
		f.Verdict, f.Text = VerdictWaiting, "others have reached UDP port "+port+"; it serves once they have for 15 minutes"
	case queried > 0:
	case s.At.Sub(s.Started) < FirstRequest:
		f.Verdict, f.Text = VerdictWaiting, "nobody has asked at UDP port "+port+" yet; that takes up to twenty minutes"
	default:
		f.Verdict, f.Text = VerdictFail, "nobody has asked at UDP port "+port+" in "+human.Age(s.At.Sub(s.Started))
		f.Remedy = "forward it in the router and open it in the firewall; c crawls without it"
	}
	return f
}

// queriesIn is the number of queries that others sent us.
func queriesIn(s *Snapshot) (n uint64) {
	for _, m := range s.Traffic.Methods {
		n += m.In
	}
	return n
}

func diagnoseRequests(s *Snapshot) Finding {
	f := Finding{Name: "requests", Text: human.Count(s.Hashes.Requests) + " for " + human.Count(uint64(max(s.Hashes.Seen, 0))) + " hashes known"}
	switch {
	case s.Hashes.Requests > 0:
	case s.At.Sub(s.Started) < FirstRequest:
		f.Verdict, f.Text = VerdictWaiting, "none yet; 1 to 5 a minute after ten minutes is normal"
	default:
		f.Verdict, f.Text, f.Remedy = VerdictFail, "none in "+human.Age(s.At.Sub(s.Started)), "see port"
	}
	return f
}

func diagnoseLoss(s *Snapshot) Finding {
	t := &s.Traffic
	f := Finding{Name: "loss", Text: human.Count(t.KernelDrops) + " packets lost of " + human.Count(t.PacketsIn)}
	switch {
	case t.SendFailed > 0 && t.SendFailed*100 > t.PacketsOut:
		f.Verdict, f.Text = VerdictFail, "the system refused to send "+human.Count(t.SendFailed)+" packets"
		f.Remedy = "a firewall on this machine may forbid UDP, or the network is down"
	case float64(t.KernelDrops) > tooLossy*float64(t.PacketsIn):
		f.Verdict, f.Remedy = VerdictFail, "raise the socket buffers: sysctl net.core.rmem_max=4194304"
	case len(t.Blocked) > 0:
		f.Verdict, f.Text = VerdictWaiting, human.Count(uint64(len(t.Blocked)))+" sources flood this node and are not listened to"
	}
	return f
}

func diagnoseBudget(s *Snapshot) Finding {
	t := &s.Traffic
	f := Finding{Name: "budget", Text: "no limit is set"}
	if t.Limits.Packets > 0 {
		f.Text = human.Rate(t.Used.Packets) + " of " + human.Rate(t.Limits.Packets) + " packets/s are used"
		if t.Used.Packets >= nearlyAll*t.Limits.Packets {
			f.Verdict, f.Remedy = VerdictWaiting, "all of it is used: --rate and --rate-new allow more, if the router bears it"
		}
	}
	return f
}

package views

import (
	"slices"
	"strconv"
	"time"

	"dhtop/dhtcore"
	"dhtop/views/text"
	"dhtop/views/theme"
)

// Verdict is what the doctor thinks of something.
type Verdict uint8

// The verdicts.
const (
	Well Verdict = iota
	Waiting
	Ill
)

var verdicts = [...]struct {
	glyph rune
	role  theme.Role
	word  string
}{
	Well:    {theme.Answered, theme.Good, "well"},
	Waiting: {theme.Silent, theme.Warn, "wait"},
	Ill:     {theme.Lied, theme.Bad, "ill"},
}

// String returns the verdict's word.
func (v Verdict) String() string { return verdicts[v%Verdict(len(verdicts))].word }

// Finding is one thing that the doctor looked at.
type Finding struct {
	Name    string
	Verdict Verdict
	Says    string // what is the case
	Remedy  string // what to do; "" where there is nothing to do
}

// When silence and loss begin to mean something.
const (
	shortWait     = 2 * time.Minute // a node is in long before that
	fewGood       = 30              // good and doubtful nodes with which lookups go well
	enoughAsked   = 50              // questions from which on the share of silence says something
	tooSilent     = 0.8             // of the questions: more than dead contacts explain
	tooLossy      = 0.001           // packets that the system dropped, of those that came
	manyQuestions = 0.95            // of the governor's limit
)

// Examine tells why it is quiet here, or that all is well, out of what a Snapshot shows. Nothing is sent.
func Examine(s *dhtcore.Snapshot) []Finding {
	return []Finding{examineNetwork(s), examineTable(s), examinePort(s), examineRequests(s), examineLoss(s), examineBudget(s)}
}

func examineNetwork(s *dhtcore.Snapshot) Finding {
	f := Finding{Name: "network", Says: "others answer this node: " + count(s.Traffic.RepliesIn) + " of " + count(s.Traffic.QueriesOut) + " questions"}
	asked, up := s.Traffic.QueriesOut, s.At.Sub(s.Started)
	switch {
	case asked == 0 && s.Traffic.PacketsIn == 0:
		f.Verdict, f.Says = Waiting, "nobody has been asked yet: there is nobody to join through"
		f.Remedy = "pass --bootstrap HOST:PORT, or leave it out for the usual hosts"
	case s.Traffic.RepliesIn == 0 && up < shortWait:
		f.Verdict, f.Says = Waiting, "joining: "+count(asked)+" questions, no answer yet"
	case s.Traffic.RepliesIn == 0 || s.Phase == dhtcore.Offline:
		f.Verdict, f.Says = Ill, "nobody answers"
		f.Remedy = "look whether the network is up, and whether it lets UDP out: some offices and hotels do not"
	case asked >= enoughAsked && float64(s.Traffic.TimedOut) > tooSilent*float64(asked):
		f.Verdict, f.Says = Ill, strconv.Itoa(int(100*s.Traffic.TimedOut/asked))+" % of the questions stay without an answer; about half is normal"
		f.Remedy = "the line or the router may be overloaded: try a lower --rate and --rate-new"
	}
	return f
}

func examineTable(s *dhtcore.Snapshot) Finding {
	good, doubtful := 0, 0
	for i := range s.Nodes {
		good, doubtful = good+s.Nodes[i].Good, doubtful+s.Nodes[i].Questionable
	}
	f := Finding{Name: "table", Says: strconv.Itoa(good) + " good nodes, " + strconv.Itoa(doubtful) + " doubtful"}
	switch {
	case good+doubtful >= fewGood, s.Demo && good > 0:
	case s.At.Sub(s.Started) < shortWait:
		f.Verdict, f.Remedy = Waiting, "it fills within a minute or two"
	case good == 0:
		f.Verdict, f.Remedy = Ill, "without nodes nothing can be looked up: see network"
	default:
		f.Verdict, f.Remedy = Waiting, "lookups may miss peers below "+strconv.Itoa(fewGood)+": it fills as others are met"
	}
	return f
}

// examinePort judges by who asks us unasked, as nothing else shows that a port is open.
func examinePort(s *dhtcore.Snapshot) Finding {
	f := Finding{Name: "port", Says: "others reach UDP port " + port(s)}
	mode := dhtcore.ModeServing
	if len(s.Nodes) > 0 {
		mode = s.Nodes[0].Mode
	}
	switch asked := questions(s); {
	case mode == dhtcore.ModeReadOnly:
		f.Verdict, f.Says = Waiting, "read-only: others are not answered, so they stay away"
		f.Remedy = "leave out --read-only to be asked"
	case asked > 0 && mode == dhtcore.ModeProving:
		f.Verdict, f.Says = Waiting, "others have reached UDP port "+port(s)+"; it serves once they have for 15 minutes"
	case asked > 0:
	case s.At.Sub(s.Started) < quiet:
		f.Verdict, f.Says = Waiting, "nobody has asked at UDP port "+port(s)+" yet; that takes up to twenty minutes"
	default:
		f.Verdict, f.Says = Ill, "nobody has asked at UDP port "+port(s)+" in "+text.Age(s.At.Sub(s.Started))
		f.Remedy = "forward it in the router and open it in the firewall; c crawls without it"
	}
	return f
}

// questions is how many queries of others came.
func questions(s *dhtcore.Snapshot) (n uint64) {
	for _, q := range s.Traffic.QueriesIn {
		n += q
	}
	return n
}

func examineRequests(s *dhtcore.Snapshot) Finding {
	f := Finding{Name: "requests", Says: count(s.Hashes.Requests) + " for " + count(uint64(max(s.Hashes.Seen, 0))) + " hashes known"}
	switch {
	case s.Hashes.Requests > 0:
	case s.At.Sub(s.Started) < quiet:
		f.Verdict, f.Says = Waiting, "none yet; 1 to 5 a minute after ten minutes is normal"
	default:
		f.Verdict, f.Says, f.Remedy = Ill, "none in "+text.Age(s.At.Sub(s.Started)), "see port"
	}
	return f
}

func examineLoss(s *dhtcore.Snapshot) Finding {
	t := &s.Traffic
	f := Finding{Name: "loss", Says: count(t.KernelDrops) + " packets lost of " + count(t.PacketsIn)}
	switch {
	case t.SendFailed > 0 && t.SendFailed*100 > t.PacketsOut:
		f.Verdict, f.Says = Ill, "the system refused to send "+count(t.SendFailed)+" packets"
		f.Remedy = "a firewall on this machine may forbid UDP, or the network is down"
	case float64(t.KernelDrops) > tooLossy*float64(t.PacketsIn):
		f.Verdict, f.Remedy = Ill, "raise the socket buffers: sysctl net.core.rmem_max=4194304"
	case len(t.Blocked) > 0:
		f.Verdict, f.Says = Waiting, count(uint64(len(t.Blocked)))+" sources flood this node and are not listened to"
	}
	return f
}

func examineBudget(s *dhtcore.Snapshot) Finding {
	t := &s.Traffic
	f := Finding{Name: "budget", Says: "no limit is set"}
	if t.StartLimit > 0 {
		f.Says = text.Rate(t.Started) + " of " + text.Rate(t.StartLimit) + " packets/s are used"
		if t.Started >= manyQuestions*t.StartLimit {
			f.Verdict, f.Remedy = Waiting, "all of it is used: --rate and --rate-new allow more, if the router bears it"
		}
	}
	return f
}

func count(n uint64) string { return text.Count(n) }

// The columns of the doctor's findings, in cells.
const (
	findingVerdict = 12
	findingSays    = 20
)

// drawDoctor draws the findings, and below them what is wrong now and what the log has warned of; it scrolls
// when too long.
func drawDoctor(a area, s *dhtcore.Snapshot, st *State) {
	loose := a.h > looseFrom
	notes := []string{"from what is seen, nothing is sent · esc closes", "esc closes"}
	a.page(st, pageMost, "the doctor: why is it quiet?", notes, func(a area) int {
		f := &facts{a: a}
		f.findings(Examine(s), loose)
		f.notices(s)
		f.warnings(s, st)
		return min(f.y, a.h)
	})
}

// looseFrom is the number of lines above which the findings stand apart.
const looseFrom = 16

// findings lists what was found, the worst first: the name, the verdict, what is the case and what helps.
func (f *facts) findings(all []Finding, loose bool) {
	slices.SortStableFunc(all, func(f, g Finding) int { return int(g.Verdict) - int(f.Verdict) })
	for i, found := range all {
		if loose && i > 0 {
			f.y++
		}
		v := verdicts[found.Verdict]
		f.a.put(2, f.y, theme.Title, found.Name)
		f.a.set(findingVerdict, f.y, v.role, v.glyph)
		f.a.put(findingVerdict+2, f.y, v.role, v.word)
		says := f.a.sub(findingSays, f.y, f.a.w-findingSays-1, f.a.h-f.y)
		n := says.wrap(0, theme.Text, found.Says)
		if found.Remedy != "" {
			n += says.sub(0, n, says.w, says.h-n).wrap(0, theme.Dim, "→ "+found.Remedy)
		}
		f.y += max(n, 1)
	}
}

// notices lists all that is wrong or needs patience now; the line at the top has room for the first alone.
func (f *facts) notices(s *dhtcore.Snapshot) {
	if len(s.Notices) == 0 {
		return
	}
	f.section("what is wrong now")
	for _, notice := range s.Notices {
		f.a.put(2, f.y, theme.Warn, "!")
		f.y += max(f.a.sub(4, f.y, f.a.w-5, f.a.h-f.y).wrap(0, theme.Text, notice), 1)
	}
}

// warnings lists what the log has warned of, the newest first.
func (f *facts) warnings(s *dhtcore.Snapshot, st *State) {
	if len(s.Warnings) == 0 {
		return
	}
	f.section("warnings")
	for i := range s.Warnings {
		drawEvent(f.a.row(f.y), &s.Warnings[len(s.Warnings)-1-i], st.logPrivacy(s))
		f.y++
	}
}

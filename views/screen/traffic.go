package screen

import (
	"slices"

	"dhtop/dhtcore"
)

// View is one of the views of the traffic pane, which left and right change.
type View uint8

// The views.
const (
	MethodsView View = iota
	ClientsView
	NetworksView
	KeptView
	HistoryView
	Views // how many there are
)

// views has a row for every view.
var views = [Views]struct {
	name  string
	list  List
	about string // what it shows, for the help: each number, how it is measured, what is normal
}{
	MethodsView: {name: "traffic", list: MethodList,
		about: "What passed the sockets since the start, a row a method: first our queries and their answers, then those of others and ours. " +
			"Below: the times of the selected method, a bar four times an octave, and what was dropped or left out, and why: all of that is near 0 on a healthy node but unsolicited, which are late replies, and unroutable."},
	ClientsView: {name: "clients", list: ClientList,
		about: "Which programs the hosts of the last hour run, by the \"v\" of their packets, each host once: an IPv4 address or a /64 of IPv6. " +
			"Up to 8,192 hosts are counted one by one; beyond, every second, fourth ... host stands for the others."},
	NetworksView: {name: "networks", list: NetworkList,
		about: "Where the nodes and the askers are. w turns: IPv4 by /16 and /24, IPv6 by /32 and /48, and with --mmdb by country and by the operator of the network (AS)."},
	KeptView: {name: "kept here", list: NoList,
		about: "What this node holds for others, as every node of the DHT does, with its limits: all of it is in memory, and is forgotten when it expires or the program ends. " +
			"Peers announce themselves for a swarm every quarter of an hour and expire after 30 minutes (BEP 5); items expire two hours after their last put (BEP 44)."},
	HistoryView: {name: "history", list: FigureList,
		about: "Twenty figures over the last day, one sample a minute, in memory. now is the last sample; least and most are of all samples shown. " +
			"A mark ▲ below the chart is a warning of the log at that time."},
}

// String is the view's name.
func (v View) String() string { return views[v%Views].name }

// TurnView shows the view of the traffic pane that is by places further.
func (st *State) TurnView(by int) { st.View = View((int(st.View) + int(Views) + by) % int(Views)) }

// About says what is shown, in a few sentences: of the pane, or of its view.
func (st *State) About() string {
	if st.Pane != TrafficPane {
		return st.Pane.About()
	}
	return views[st.View%Views].about
}

func trafficList(st *State) List { return views[st.View%Views].list }

// Methods are those of the rows of the traffic pane; unknown ones only where there were any.
func Methods(s *dhtcore.Snapshot) []dhtcore.Method {
	all := []dhtcore.Method{dhtcore.Ping, dhtcore.FindNode, dhtcore.GetPeers, dhtcore.AnnouncePeer, dhtcore.SampleInfohashes, dhtcore.Get, dhtcore.Put}
	if s.Traffic.Methods[0].In > 0 {
		all = append(all, 0)
	}
	return all
}

// Networks are the rows of the kind of network that is shown.
func (st *State) Networks(s *dhtcore.Snapshot) []dhtcore.NetworkRow {
	return s.Tally.Networks.By[st.NetworkKind%dhtcore.NetworkKinds]
}

// TurnNetworks shows the networks of the next kind, and returns it. Countries and operators need files.
func (st *State) TurnNetworks(s *dhtcore.Snapshot) dhtcore.NetworkKind {
	kinds := dhtcore.NetworkKinds
	if !s.Tally.Networks.Placed {
		kinds = dhtcore.ByCountry
	}
	st.NetworkKind = (st.NetworkKind + 1) % kinds
	st.Lists[NetworkList] = Cursor{}
	return st.NetworkKind
}

// Figure is the selected one of the history.
func (st *State) Figure() dhtcore.Figure {
	return dhtcore.Figure(Clamp(st.Lists[FigureList].Row, dhtcore.FigureCount))
}

func countMethods(_ *State, s *dhtcore.Snapshot) int   { return len(Methods(s)) }
func countClients(_ *State, s *dhtcore.Snapshot) int   { return len(s.Tally.Clients.Rows) }
func countNetworks(st *State, s *dhtcore.Snapshot) int { return len(st.Networks(s)) }
func countFigures(*State, *dhtcore.Snapshot) int       { return dhtcore.FigureCount }

// clientPins follow a client by its name.
func clientPins(_ *State, s *dhtcore.Snapshot) func(row int) Pin {
	return func(row int) Pin { return namePin(s.Tally.Clients.Rows[row].Name) }
}

// networkPins follow a network by its name.
func networkPins(st *State, s *dhtcore.Snapshot) func(row int) Pin {
	rows := st.Networks(s)
	return func(row int) Pin { return namePin(rows[row].Name()) }
}

// namePin identifies a row by the name in it, of which the first 20 bytes are enough.
func namePin(name string) (p Pin) {
	copy(p.ID[:], name)
	p.At = int64(len(name)) + 1
	return p
}

// FigureRange returns the samples of the history that a chart shows, and how many minutes it spans: a quarter of an hour, an hour, six, or the
// day.
func FigureRange(s *dhtcore.Snapshot) (samples []dhtcore.HistorySample, minutes int) {
	samples = s.History.Samples
	minutes = 15
	for _, longer := range []int{60, 6 * 60, dhtcore.HistorySamples} {
		if len(samples) > 0 && s.At.Sub(samples[0].At).Minutes() > float64(minutes) {
			minutes = longer
		}
	}
	from := slices.IndexFunc(samples, func(h dhtcore.HistorySample) bool { return s.At.Sub(h.At).Minutes() <= float64(minutes) })
	if from < 0 {
		return nil, minutes
	}
	return samples[from:], minutes
}

func whyNoHistory(_ *State, s *dhtcore.Snapshot) string {
	if len(s.History.Samples) == 0 {
		return "no sample yet: the first is taken 10 s after the start"
	}
	return ""
}

package screen

import (
	"time"

	"dhtop/dhtcore"
	"dhtop/views/text"
	"dhtop/views/theme"
)

// State is what the person at the keyboard has chosen to see. Package ui changes it between frames;
// the panes only read it. The zero State shows the overview, unthemed.
type State struct {
	Theme       *theme.Theme
	Pane        Pane
	Zoom        bool // the pane alone, below the status bar: no second list
	Peers       bool // zoomed into a lookup: the keys are in its peers, not in its nodes
	News        bool // on the overview: the keys are in the news, not in the ranking
	FullDetails bool // the opened lookup or packet is a text with nothing left out
	Help        bool // the help lies over the pane

	Scroll int // the first line that is shown of an opened detail, where it is longer than its space

	Masked bool // hide addresses and our own ID

	Digest   *Digest // of what happened lies over the pane; nil for none
	Doctor   bool    // the doctor's findings lie over the pane
	Terminal dhtcore.Terminal
	Filter   Filtered
	// Filters are those of the lists; nil where all rows pass. A list is filtered while the keys are in it.
	Filters [Lists]*Filter
	Since   time.Time // when counting began; zero for all counts

	Frozen    bool
	FrozenFor time.Duration
	Past      *Past // that is shown in place of now; nil for now

	Link    *Link    // to the node that is shown; nil for our own
	Targets []Target // that are shown in turn; nil for one alone

	Packet *OpenPacket // that is open; nil for the log. TakeApart sets it

	Parts *CrawlCells // of the selected cell of the crawl's keyspace; nil: the whole is shown

	LogLevel LogLevel // of the log pane. TurnLevel sets it
	log      log

	Places dhtcore.Places // of the addresses that are shown

	Lists       [Lists]Cursor
	Orders      [Lists]Order   // SortBy and ReverseOrder set them
	Window      dhtcore.Window // that the requests of the ranking are counted in. TurnWindow sets it
	Alike       bool           // only hashes that others look like are listed. ShowAlike sets it
	Unfolded    bool           // the hashes that nobody asked for are listed too. TurnFold sets it
	ranked      ranked
	Opened      dhtcore.ID          // a hash whose detail is open although the ranking lacks it; zero for none. OpenHash sets it
	Bucket      *NodeBucket         // whose nodes alone are listed; nil for all. ChooseBucket sets it
	View        View                // of the traffic pane
	Marks       map[dhtcore.ID]Mark // hashes that have just changed
	NetworkKind dhtcore.NetworkKind // that the networks are listed by. TurnNetworks changes it

	Keys   []Key // every action, for the help
	Hints  []Key // those of the hint line
	Toast  Toast // stands in for the hints when set
	Prompt *Prompt
}

// Mark says how a hash has just changed.
type Mark struct {
	Move int8 // ranks: above 0 it rose, below 0 it fell
	Hot  bool // its requests changed since the frame before
}

// Privacy is how addresses of others are shown in a detail.
func (st *State) Privacy() text.Privacy {
	if st.Masked {
		return text.Masked
	}
	return text.Whole
}

// LogPrivacy is how they are shown where they pass by: as networks, save on the embedded network,
// where all are ours and in one network.
func (st *State) LogPrivacy(s *dhtcore.Snapshot) text.Privacy {
	switch {
	case st.Masked:
		return text.Masked
	case s.Demo:
		return text.Whole
	default:
		return text.Network
	}
}

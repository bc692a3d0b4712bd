package screen

// Key is an action as the help and the hints show it.
type Key struct {
	Name  string // as the palette calls it
	Keys  string // as people write them: "j down"
	Help  string
	Group string
	Off   bool   // cannot be done now
	Why   string // it cannot
}

// Filtered is the filter of the focused list and how many rows it leaves. The zero value is no filter.
type Filtered struct {
	By         string // as it was typed
	Shown, All int
}

// Toast is a short message. A bad one says that something failed.
type Toast struct {
	Text string
	Bad  bool
}

// Prompt is a question with a line to type the answer into.
type Prompt struct {
	Label  string
	Value  string
	Cursor int    // in runes of Value
	Hint   string // what may be typed
	Err    string // what is wrong with what was typed

	Choices []Key // what the answer may be, the likeliest first; nil for free text
	Chosen  int   // of them
}

// Note is the line above the prompt: the error, else why the chosen answer is not possible, else the hint.
func (p *Prompt) Note() string {
	switch {
	case p.Err != "":
		return p.Err
	case p.Chosen >= 0 && p.Chosen < len(p.Choices) && p.Choices[p.Chosen].Off:
		return "not now: " + p.Choices[p.Chosen].Why
	default:
		return p.Hint
	}
}

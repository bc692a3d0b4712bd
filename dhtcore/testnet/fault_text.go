package testnet

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"dhtop/dhtcore/wire"
)

// The words of a fault in text.
const (
	everyMethod = "*"
	harmless    = "none" // a rule that spares its packets those that follow it
)

// maxFaultDelay is how long a fault may delay a packet, which it keeps in memory.
const maxFaultDelay = time.Minute

var directionNames = [...]string{BothWays: "both", Inbound: "in", Outbound: "out"}

// String returns the word for d in a fault.
func (d FaultDirection) String() string { return directionNames[int(d)%len(directionNames)] }

// effect is one of a fault's. It has a name in text, and a value; 0 is no effect.
type effect interface {
	named() string
	parse(value string) error
	text() string // of the value; "" for no effect
}

// share is an effect that befalls some of the packets.
type share struct {
	name string
	of   *float64
}

// wait is an effect that takes time.
type wait struct {
	name string
	of   *time.Duration
}

// effects are those of f, in the order of their text.
func (f *Fault) effects() []effect {
	return []effect{share{"drop", &f.Drop}, wait{"delay", &f.Delay}, wait{"jitter", &f.Jitter}, share{"duplicate", &f.Duplicate},
		share{"reorder", &f.Reorder}, share{"truncate", &f.Truncate}}
}

// ParseFault reads a fault in the form of String: the direction as visitors see it (in, out or both), the method of the
// query or * for all packets, and the effects, as in
//
//	out get_peers drop=0.2 delay=100ms jitter=50ms duplicate=0.1 reorder=0.1 truncate=0.05
//
// Direction and method may be left out, for both and *. A share may be a percentage, and none is no effect. The
// errors are sentences with a remedy.
func ParseFault(text string) (Fault, error) {
	f, err := parseFault(strings.Fields(text))
	if err != nil {
		return Fault{}, fmt.Errorf("fault %q: %w", text, err)
	}
	return f, nil
}

func parseFault(words []string) (f Fault, err error) {
	if len(words) > 0 {
		if d := slices.Index(directionNames[:], words[0]); d >= 0 {
			f.Direction, words = FaultDirection(d), words[1:] //nolint:gosec // a name of few
		}
	}
	if len(words) > 0 && words[0] != harmless && !strings.Contains(words[0], "=") {
		if f.Method, err = parseFaultMethod(words[0]); err != nil {
			return f, err
		}
		words = words[1:]
	}
	if len(words) == 1 && words[0] == harmless {
		return f, nil
	}
	if len(words) == 0 {
		return f, errors.New("it has no effect: add one such as drop=0.2, or none")
	}
	given := map[string]bool{}
	for _, word := range words {
		name, value, ok := strings.Cut(word, "=")
		if !ok {
			return f, fmt.Errorf("%q is out of place: want a direction, a method, and effects such as drop=0.2", word)
		}
		if given[name] {
			return f, fmt.Errorf("%s is given twice: leave one out", name)
		}
		given[name] = true
		if err := f.parseEffect(name, value); err != nil {
			return f, err
		}
	}
	return f, nil
}

func parseFaultMethod(name string) (wire.Method, error) {
	if name == everyMethod {
		return wire.MethodUnknown, nil
	}
	for m := wire.Ping; m < wire.Methods; m++ {
		if m.String() == name {
			return m, nil
		}
	}
	var names []string
	for m := wire.Ping; m < wire.Methods; m++ {
		names = append(names, m.String())
	}
	return 0, fmt.Errorf("%q is neither a direction (%s) nor a method (%s or %s)", name, strings.Join(directionNames[:], ", "),
		strings.Join(names, ", "), everyMethod)
}

// parseEffect sets the effect of that name.
func (f *Fault) parseEffect(name, value string) error {
	var names []string
	for _, e := range f.effects() {
		if e.named() == name {
			return e.parse(value)
		}
		names = append(names, e.named())
	}
	return fmt.Errorf("%q is not an effect: want %s", name, strings.Join(names, ", "))
}

func (s share) named() string { return s.name }

func (s share) parse(value string) error {
	number, percent := strings.CutSuffix(value, "%")
	x, err := strconv.ParseFloat(number, 64)
	if percent {
		x /= 100
	}
	if err != nil || !(x >= 0 && x <= 1) { // NaN is neither
		return fmt.Errorf("%s=%s: want a share from 0 to 1, or from 0%% to 100%%", s.name, value)
	}
	*s.of = max(x, 0) // not -0
	return nil
}

func (s share) text() string {
	if *s.of == 0 {
		return ""
	}
	return strconv.FormatFloat(*s.of, 'g', -1, 64)
}

func (w wait) named() string { return w.name }

func (w wait) parse(value string) error {
	d, err := time.ParseDuration(value)
	if err != nil || d < 0 || d > maxFaultDelay {
		return fmt.Errorf("%s=%s: want a duration from 0s to 1m, such as 100ms", w.name, value)
	}
	*w.of = d
	return nil
}

func (w wait) text() string {
	if *w.of == 0 {
		return ""
	}
	return w.of.String()
}

// String returns the fault in the form that ParseFault reads.
func (f Fault) String() string {
	method := everyMethod
	if f.Method != wire.MethodUnknown {
		method = f.Method.String()
	}
	words := []string{f.Direction.String(), method}
	for _, e := range f.effects() {
		if text := e.text(); text != "" {
			words = append(words, e.named()+"="+text)
		}
	}
	if len(words) == 2 {
		words = append(words, harmless)
	}
	return strings.Join(words, " ")
}

package dhtcore

import (
	"dhtop/dhtcore/alert"
	"dhtop/dhtcore/human"
	"dhtop/dhtcore/journal"
	"dhtop/dhtcore/printable"
)

// The settings that there can be trouble with.
const (
	watchSetting   = "watch"
	execSetting    = "alert-exec"
	webhookSetting = "alert-webhook"
)

// tell puts alerts that fired or cleared into the journal, and hands them to those who want to be told. mu is held.
func (w *watchList) tell(alerts []Alert) {
	for i := range alerts {
		a := &alerts[i]
		e := Event{Kind: journal.Alerted, At: a.Cleared, Hash: a.Target, Rule: a.Kind.String(), Text: overText(a)}
		if a.Firing() {
			e.Text = a.Text
			e.At, e.N = a.Fired, 1
			w.fired[a.Kind]++
		}
		w.journal.Add(e)
		for _, told := range w.told {
			told(*a)
		}
	}
	if len(alerts) > 0 {
		w.used = true
		w.touch()
	}
}

// overText says that an alert is over.
func overText(a *Alert) string {
	return "Over after " + human.Age(a.Cleared.Sub(a.Since)) + ": " + a.Text
}

// addDelivery has alerts told by d, too.
func (w *watchList) addDelivery(d *alert.Delivery) {
	w.deliver, w.told = append(w.deliver, d), append(w.told, d.Tell)
}

// setFileTrouble shows what is wrong with the watch file; "" for nothing.
func (w *watchList) setFileTrouble(text string) { w.setTrouble(watchSetting, text) }

// setTrouble shows what is wrong with something, and puts it into the journal when it is new; "" for nothing.
func (w *watchList) setTrouble(of, text string) {
	w.mu.Lock()
	fresh := w.troubles[of] != text
	if w.troubles == nil {
		w.troubles = map[string]string{}
	}
	w.troubles[of] = text
	if fresh {
		w.touch()
	}
	w.mu.Unlock()
	if fresh && text != "" {
		w.notices.warn(text)
	}
}

// troubleText is what is wrong. mu is held.
func (w *watchList) troubleText() string {
	for _, of := range []string{watchSetting, execSetting, webhookSetting} {
		if text := w.troubles[of]; text != "" {
			return printable.String(text)
		}
	}
	return ""
}

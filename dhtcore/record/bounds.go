package record

import (
	"errors"
	"fmt"
	"reflect"
	"time"

	"github.com/fxamacker/cbor/v2"
)

// A frame may come from a stranger. What it asks for is bounded before it is made: it takes at most maxUnpacked while it is
// read, and the value that comes of it at most maxValue.
const (
	maxUnpacked = 256 << 20 // bytes; a Snapshot with 2,000 packets and 50 long lookups takes a fifth
	maxValue    = 256 << 20 // as above
	lookAgain   = 32 << 20  // the size of a value is taken when frames have added as much

	itemSize      = 24  // about what a value in a list takes while it is read
	containerSize = 400 // and a map

	maxWords = 4096 // that are known to be some, or none
)

var errTooLarge = errors.New("it is too large")

// unpackedSize is about how many bytes a frame takes while it is read. It is for what the decoder takes apart then: one
// that is not well formed is refused there.
func unpackedSize(frame []byte) (n int) {
	for len(frame) > 0 {
		major, arg, head := frame[0]>>5, uint64(frame[0]&31), 1
		if arg >= 24 && arg < 28 {
			head += 1 << (arg - 24)
			if len(frame) < head {
				return n
			}
			arg = 0
			for _, b := range frame[1:head] {
				arg = arg<<8 | uint64(b)
			}
		}
		frame = frame[head:]
		n += itemSize
		switch cborType(major) {
		case byteString, textString:
			skip := int(min(arg, uint64(len(frame))))
			n += skip
			frame = frame[skip:]
		case mapping:
			n += containerSize
		}
	}
	return n
}

// cborType is a major type of CBOR.
type cborType byte

const (
	byteString cborType = 2
	textString cborType = 3
	mapping    cborType = 5
)

// unpack takes a frame apart.
func unpack(frame []byte) (node any, err error) {
	if unpackedSize(frame) > maxUnpacked {
		return nil, fmt.Errorf("a damaged frame: %w", errTooLarge)
	}
	if err := decMode.Unmarshal(frame, &node); err != nil {
		if _, more := errors.AsType[*cbor.ExtraneousDataError](err); more {
			err = errors.New("there is more after its end")
		}
		return nil, fmt.Errorf("a damaged frame: %w", err)
	}
	return node, nil
}

// grow notes that a list gets n rows of a type.
func (p *applier) grow(n int, row reflect.Type) error {
	p.grown += n * int(row.Size())
	if p.grown-p.before > maxValue {
		return errTooLarge
	}
	return nil
}

// checkSize takes the size of a value when frames have added much.
func (p *applier) checkSize(l *layout, v reflect.Value) error {
	if p.grown < lookAgain {
		return nil
	}
	p.grown = 0
	left := maxValue
	if !l.fits(v, &left) {
		return errTooLarge
	}
	return nil
}

// fits reports whether what v refers to is no larger than what is left, from which it takes it.
func (l *layout) fits(v reflect.Value, left *int) bool {
	if *left < 0 {
		return false
	}
	switch l.shape {
	case scalar:
		if v.Kind() == reflect.String {
			*left -= v.Len()
		}
	case bytesOf, list:
		if v.Kind() == reflect.Slice {
			*left -= v.Len() * int(v.Type().Elem().Size())
		}
	case structure:
		for i := range l.fields {
			if !l.fields[i].of.fits(v.Field(l.fields[i].index), left) {
				return false
			}
		}
	case pointer:
		if v.IsNil() {
			return true
		}
		*left -= int(l.elem.typ.Size())
		return l.elem.fits(v.Elem(), left)
	case rows, places:
		if l.shape == rows {
			*left -= v.Len() * int(l.elem.typ.Size())
		}
		for i := range v.Len() {
			if !l.elem.fits(v.Index(i), left) {
				return false
			}
		}
	case dictionary:
		for each := v.MapRange(); each.Next(); {
			*left -= int(l.key.typ.Size() + l.elem.typ.Size())
			if !l.elem.fits(each.Value(), left) {
				return false
			}
		}
	}
	return *left >= 0
}

// named reports whether a type is an enumeration: a number with words for its values.
func named(t reflect.Type) bool {
	return t.Kind() >= reflect.Int && t.Kind() <= reflect.Uint64 && t != reflect.TypeFor[time.Duration]() && t.Implements(reflect.TypeFor[fmt.Stringer]())
}

// value of an enumeration.
type word struct {
	of reflect.Type
	n  uint64
}

// say sets v to zero if its enumeration has no word for it: a later version may know more of them.
func (p *applier) say(v reflect.Value) {
	w := word{of: v.Type()}
	if v.CanInt() {
		w.n = uint64(v.Int())
	} else {
		w.n = v.Uint()
	}
	says, known := p.words[w]
	if !known {
		if says = speaks(v); len(p.words) < maxWords {
			p.words[w] = says
		}
	}
	if !says {
		p.unknown[fmt.Sprintf("%s %d", w.of, w.n)] = true
		v.SetZero()
	}
}

// speaks reports whether the String of v is one.
func speaks(v reflect.Value) (says bool) {
	defer func() {
		if recover() != nil {
			says = false
		}
	}()
	_ = v.Interface().(fmt.Stringer).String()
	return true
}

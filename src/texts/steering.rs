//! Which characters of a text from outside must not reach a terminal. Pure.

/// Whether a character could move the cursor, hide itself, or turn the direction of what stands
/// beside it: control characters, marks without width, and those that steer bidirectional writing.
pub fn is_steering(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{061c}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{00ad}')
}

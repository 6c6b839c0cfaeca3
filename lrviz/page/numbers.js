// Numbers as lrviz writes them.

// As `lrviz values` does: the shortest digits that read back as the very same number, in Python's manner.
function exact(x) {
  if (!isFinite(x)) return Number.isNaN(x) ? "nan" : x > 0 ? "inf" : "-inf";
  const [digits, power] = x.toExponential().split("e");
  if (power < -4 || power >= 16) {
    return `${digits}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
  }
  const plain = `${Object.is(x, -0) ? "-" : ""}${x}`;
  return plain.includes(".") ? plain : `${plain}.0`;
}

// Four digits, plain from 0.01 up to 1000.
function short(x) {
  if (x === 0 || !isFinite(x)) return x === 0 ? "0" : exact(x);
  const [digits, power] = x.toExponential(3).split("e");
  return power >= -2 && power <= 2 ? trim(x.toFixed(Math.max(3 - power, 0))) : `${trim(digits)}e${+power}`;
}

// Thousands apart by a narrow space.
function grouped(x) {
  const [whole, decimals] = String(x).split(".");
  return whole.replace(/\B(?=(\d{3})+$)/g, "\u202f") + (decimals ? `.${decimals}` : "");
}

// Two decimals, or as many as show two digits.
function decimal(x) {
  const least = x && Math.abs(x) < 0.1 ? Math.min(1 - Math.floor(Math.log10(Math.abs(x))), 20) : 2;
  return grouped(trim(x.toFixed(least)));
}

function trim(text) {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}
